import * as spectral from '@prismatic-io/spectral';

/**
 * A component with everything that runners call, built with each major version of the SDK. Versions lack some of
 * the functions, and their types differ: what a version does not know is left out.
 */
type Any = Record<string, unknown>;
const sdk = spectral as unknown as Record<string, ((definition: unknown) => unknown) | undefined>;
const make = (kind: string, definition: Any): unknown => sdk[kind]?.(definition);
const label = (text: string) => ({ display: { label: text, description: `${text}.` } });

const name = make('input', {
  label: 'Name',
  type: 'string',
  default: 'World',
  clean: (value: unknown) => `<${String(value)}>`,
});
const plain = make('input', { label: 'Plain', type: 'string', default: 'plain' });
const tags = make('input', { label: 'Tags', type: 'string', collection: 'valuelist' });
const account = make('input', { label: 'Account', type: 'connection', required: false });

type State = Record<string, unknown>;
interface Context {
  [key: string]: unknown;
  logger: Record<string, (...args: unknown[]) => void>;
  instanceState: State;
  crossFlowState: State;
  executionState: State;
  polling: {
    getState(): State;
    setState(state: State): void;
    invokeAction(params: Any): Promise<{ data: unknown }>;
  };
  invokeFlow(flow: string, data: unknown): Promise<{ status: number; data: unknown }>;
}
interface Connection {
  fields: { apiKey: string };
}
const loadedAt = { count: 0 };
const ConnectionError = spectral.ConnectionError as unknown as new (
  connection: unknown,
  message: string,
) => Error;

const actions: Any = {
  echo: make('action', {
    ...label('Echo'),
    inputs: { name, plain, tags, account },
    perform: async (context: Context, params: Any) => {
      loadedAt.count += 1;
      context.logger.info('echo', params['plain']);
      return {
        data: { params, calls: loadedAt.count, context: Object.keys(context).sort() },
        statusCode: 201,
      };
    },
  }),
  state: make('action', {
    ...label('State'),
    inputs: {},
    perform: async (context: Context) => {
      context.executionState['inPlace'] = true;
      return { data: null, crossFlowState: { returned: 1 }, instanceState: { cursor: 'c' } };
    },
  }),
  binary: make('action', {
    ...label('Binary'),
    inputs: {},
    perform: async () => ({ data: Buffer.from([0, 1, 254, 255]), contentType: 'application/pdf' }),
  }),
  refused: make('action', {
    ...label('Refused'),
    inputs: { account },
    perform: async (_context: Context, { account: connection }: { account: Connection }) => {
      throw new ConnectionError(connection, `The key ${connection.fields.apiKey} was refused`);
    },
  }),
  broken: make('action', {
    ...label('Broken'),
    inputs: {},
    perform: async () => {
      throw new Error('broken inside');
    },
  }),
  nothing: make('action', { ...label('Nothing'), inputs: {}, perform: async () => undefined }),
  callSibling: make('action', {
    ...label('Call sibling'),
    inputs: {},
    perform: async (context: Context) => {
      const { status, data } = await context.invokeFlow('Sibling', { from: 'here' });
      return { data: { status, data } };
    },
  }),
  list: make('action', {
    ...label('List'),
    inputs: { page: make('input', { label: 'Page', type: 'string', default: '1', clean: Number }) },
    perform: async (_context: Context, params: Any) => ({ data: [params['page']] }),
  }),
};

const triggers: Any = {
  hook: make('trigger', {
    ...label('Hook'),
    inputs: { name },
    scheduleSupport: 'valid',
    synchronousResponseSupport: 'valid',
    allowsBranching: true,
    staticBranchNames: ['A', 'B'],
    perform: async (context: Context, payload: Any, params: Any) => {
      context.crossFlowState['seen'] = true;
      return {
        payload: { ...payload, extra: params['name'] },
        branch: 'B',
        response: { statusCode: 202, contentType: 'text/plain', body: 'ok' },
      };
    },
    onInstanceDeploy: async (_context: Context, params: Any) => ({
      crossFlowState: { deployed: params['name'] },
    }),
    onInstanceDelete: async () => ({ crossFlowState: { deployed: undefined } }),
    webhookLifecycleHandlers: {
      create: async () => ({ crossFlowState: { webhook: 'created' } }),
      delete: async () => ({ crossFlowState: { webhook: 'deleted' } }),
    },
  }),
  ...(sdk['pollingTrigger'] && {
    poll: make('pollingTrigger', {
      ...label('Poll'),
      pollAction: actions['list'],
      inputs: { name },
      perform: async (context: Context, payload: Any, params: Any) => {
        const { data } = await context.polling.invokeAction(params);
        const { last } = context.polling.getState();
        context.polling.setState({ last: 1 });
        return { payload: { ...payload, body: { data } }, polledNoChanges: last === 1 };
      },
    }),
  }),
  batched: make('trigger', {
    ...label('Batched'),
    inputs: {},
    scheduleSupport: 'valid',
    synchronousResponseSupport: 'invalid',
    perform: async (_context: Context, payload: Any) => ({
      payload: { ...payload, body: { data: [1, 2, 3] } },
    }),
    triggerResolverSupport: 'valid',
    batchConfig: { batchSize: 2 },
    triggerResolver: {
      resolveItems: (_context: Context, { payload }: { payload: { body: { data: unknown[] } } }) =>
        payload.body.data,
      getNextPaginationState: (_context: Context, { payload }: { payload: { paginationState?: Any } }) =>
        payload.paginationState === undefined ? { page: 1 } : null,
    },
    onDeployPerform: async (_context: Context, payload: Any, params: Any) => ({
      payload: { ...payload, body: { data: [params['since']] } },
    }),
    onDeployResolver: {
      resolveItems: (_context: Context, { payload }: { payload: { body: { data: unknown[] } } }) =>
        payload.body.data,
      inputs: { since: make('input', { label: 'Since', type: 'string', default: '2020' }) },
    },
  }),
};

const dataSources: Any = {
  notAList: make('dataSource', {
    ...label('Not a list'),
    dataSourceType: 'picklist',
    inputs: {},
    perform: async () => ({ result: 'one text' }),
  }),
  colours: make('dataSource', {
    ...label('Colours'),
    dataSourceType: 'picklist',
    inputs: { name },
    perform: async (context: Context, params: Any) => ({
      result: [
        { key: String(params['name']), label: Object.keys(context).sort().join(',') },
        { key: 'red', label: 'Red' },
      ],
    }),
  }),
};

export default make('component', {
  key: 'full',
  public: false,
  ...label('Full'),
  display: { label: 'Full', description: 'Everything.', iconPath: 'icon.png' },
  actions,
  triggers,
  ...(sdk['dataSource'] && { dataSources }),
  connections: [
    make('connection', {
      key: 'apiKey',
      label: 'API key',
      comments: 'A key.',
      display: { label: 'API key', description: 'A key.' },
      inputs: { apiKey: { label: 'Key', type: 'password', required: true } },
    }),
  ],
  hooks: {
    error: (error: { isSpectralError?: boolean; message: string }) =>
      error.isSpectralError ? error : { message: `hooked: ${error.message}` },
  },
});
