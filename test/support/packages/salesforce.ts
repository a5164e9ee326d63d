import { action, component, connection, input } from '@prismatic-io/spectral';

/** Stands in for a CRM connector: queries go to a local HTTP service. Keys as in public definitions. */
const basic = connection({
  key: 'basic',
  display: { label: 'Log-in', description: 'User and password.' },
  inputs: {
    username: { label: 'Username', type: 'string', required: true },
    password: { label: 'Password', type: 'password', required: true },
    loginUrl: { label: 'Login URL', type: 'string', required: false },
  },
});

const query = action({
  display: { label: 'Query', description: 'Runs a query.' },
  inputs: {
    connection: input({ label: 'Connection', type: 'connection', required: true }),
    queryString: input({ label: 'Query', type: 'string', required: true }),
    version: input({ label: 'Version', type: 'string', default: '50.0' }),
    debug: input({ label: 'Debug', type: 'boolean', default: 'false' }),
  },
  perform: async (_context, { connection: given, queryString, version }) => {
    const { loginUrl } = given.fields as Record<string, string>;
    const response = await fetch(
      `${loginUrl}/v${version}/query?q=${encodeURIComponent(String(queryString))}`,
    );
    return { data: (await response.json()) as unknown };
  },
});

export default component({
  key: 'salesforce',
  display: { label: 'CRM', description: 'Queries a CRM.', iconPath: 'icon.png' },
  actions: { query },
  connections: [basic],
});
