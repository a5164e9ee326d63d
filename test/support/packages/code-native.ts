import { componentManifest, flow, integration } from '@prismatic-io/spectral';

/** Manifests as the SDK's generator writes them: what other components offer, without their code. */
const full = componentManifest({
  key: 'full',
  public: false,
  signature: 'signature-of-full',
  actions: {
    echo: {
      key: 'echo',
      perform: (_values: { name: string }) => Promise.resolve<unknown>({}),
      inputs: {
        name: { inputType: 'string', collection: undefined, default: 'from the manifest', required: false },
      },
    },
    state: { key: 'state', perform: () => Promise.resolve<unknown>({}), inputs: {} },
  },
  triggers: {
    batched: { key: 'batched', inputs: {}, perform: () => Promise.resolve<unknown>({}) },
    hook: { key: 'hook', inputs: {}, perform: () => Promise.resolve<unknown>({}) },
  },
  dataSources: {},
  connections: {},
} as never);
const log = componentManifest({
  key: 'log',
  public: true,
  signature: null,
  actions: {
    writeLog: {
      key: 'writeLog',
      perform: (_values: { message: string }) => Promise.resolve<unknown>({}),
      inputs: { message: { inputType: 'data', collection: undefined, default: '', required: true } },
    },
  },
  triggers: {},
  dataSources: {},
  connections: {},
} as never);

type Invoked = Record<string, Record<string, (values: unknown) => Promise<unknown>>>;

const calling = flow({
  name: 'Calling',
  description: 'Calls other components.',
  onExecution: async (
    context: { components: unknown; logger: unknown; crossFlowState: object },
    params: { onTrigger: unknown },
  ) => {
    const components = context.components as unknown as Invoked;
    const logger = context.logger as unknown as Record<string, (label: unknown) => void>;
    logger['section']?.('Work');
    const echo = await components['full']?.['echo']?.({});
    await components['full']?.['state']?.({});
    await components['log']?.['writeLog']?.({ message: 'by the log component' });
    logger['sectionEnd']?.({ label: 'Work' });
    const { results } = params.onTrigger as unknown as { results: { body: { data: unknown } } };
    return { data: { echo, received: results.body.data, crossFlowState: { ...context.crossFlowState } } };
  },
} as never);

const wrapped = flow({
  name: 'Wrapped Hook',
  description: 'Its trigger is another component’s, with a function of its own around.',
  onTrigger: { component: 'full', key: 'hook', values: {} },
  onInstanceDeploy: async () => ({ crossFlowState: { own: true } }),
  onExecution: async () => ({ data: null }),
} as never);

const wrappedBare = flow({
  name: 'Wrapped Bare',
  description: 'As above, around a trigger without such functions.',
  onTrigger: { component: 'full', key: 'batched', values: {} },
  onInstanceDeploy: async () => ({ crossFlowState: { own: true } }),
  onExecution: async () => ({ data: null }),
} as never);

export default integration({
  name: 'Code native',
  description: 'A code-native integration.',
  componentRegistry: { full, log } as never,
  flows: [calling, wrapped, wrappedBare] as never,
});
