import { action, component, connection, input } from '@prismatic-io/spectral';

/** Stands in for a database connector: queries go to a local HTTP service. Keys as in public definitions. */
const textInput = (label: string, type: 'string' | 'password' = 'string') => ({
  label,
  type,
  required: false,
});

const postgres = connection({
  key: 'postgres',
  display: { label: 'Database', description: 'A database.' },
  inputs: {
    host: textInput('Host'),
    port: { ...textInput('Port'), default: '5432' },
    database: textInput('Database'),
    username: textInput('Username'),
    password: textInput('Password', 'password'),
    requireSSL: { label: 'Require SSL', type: 'boolean', default: 'false' },
    timeout: { ...textInput('Timeout'), default: '5000' },
  },
});

const query = action({
  display: { label: 'Query', description: 'Runs a query.' },
  inputs: {
    postgresConnection: input({ label: 'Connection', type: 'connection', required: true }),
    queryField: input({ label: 'Query', type: 'code', language: 'sql', required: true }),
    params: input({ label: 'Parameters', type: 'string', collection: 'keyvaluelist' }),
    paramsObject: input({ label: 'Parameters object', type: 'data' }),
    debug: input({ label: 'Debug', type: 'boolean', default: 'false' }),
  },
  perform: async (_context, { postgresConnection, queryField, params }) => {
    const { host, port, username, password } = postgresConnection.fields as Record<string, string>;
    const response = await fetch(`http://${host}:${port}/query`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` },
      body: JSON.stringify({ query: queryField, params }),
    });
    return { data: (await response.json()) as unknown };
  },
});

export default component({
  key: 'postgres',
  display: { label: 'Database', description: 'Queries a database.', iconPath: 'icon.png' },
  actions: { query },
  connections: [postgres],
});
