import { publish, put, zipOf } from './published-packages';

const display = (label: string) => ({ label, description: `Does ${label}.` });
const input = (key: string) => ({ key, label: key, type: 'string', default: '' });

/** The source of a component whose triggers note when which of their functions is called. */
const SOURCE = `
const note = (name) => async (context, params) => {
  context.logger.info(name + ' of ' + context.flow.name);
  if (params.fail === name) throw new Error(name + ' refuses ' + context.flow.name);
  if (params.fail === 'hang' && name === 'onInstanceDeploy') await new Promise(() => {});
  const entry = [name, context.flow.name, context.webhookUrls[context.flow.name].split('/').pop(),
    Object.keys(context.instanceState ?? {}).length, Object.keys(context.executionState ?? {}).length].join(' ');
  context.crossFlowState.calls = [...(context.crossFlowState.calls ?? []), entry];
  return { integrationState: { calls: [...(context.integrationState.calls ?? []), entry] }, instanceState: { no: 1 } };
};
const display = (label) => ({ label, description: 'Does ' + label + '.' });
const input = (key) => ({ key, label: key, type: 'string', default: '' });
const names = ['onInstanceDeploy', 'onInstanceDelete', 'webhookCreate', 'webhookDelete'];
exports.default = {
  key: 'hooked', public: false, display: { ...display('hooked'), iconPath: 'icon.png' },
  actions: {
    show: { key: 'show', display: display('show'), inputs: [], perform: async (context) => ({ data: context, extra: 1 }) },
    refuse: { key: 'refuse', display: display('refuse'), inputs: [], perform: async (context) => {
      const error = new Error('The key is refused.');
      throw Object.assign(error, { isSpectralError: true, connection: context.configVars.Access });
    } },
  },
  triggers: {
    hook: {
      key: 'hook', display: display('hook'), inputs: [input('fail')],
      scheduleSupport: 'invalid', synchronousResponseSupport: 'valid',
      perform: async (context, payload) => ({ payload }),
      hasOnInstanceDeploy: true, hasOnInstanceDelete: true,
      hasWebhookCreateFunction: true, hasWebhookDeleteFunction: true,
      ...Object.fromEntries(names.map((name) => [name, note(name)])),
    },
    poll: {
      key: 'poll', display: display('poll'), inputs: [],
      scheduleSupport: 'required', synchronousResponseSupport: 'invalid', isPollingTrigger: true,
      perform: async (context, payload) => {
        const internal = (context.instanceState.__prismaticInternal ??= {});
        const polls = (internal.polling?.polls ?? 0) + 1;
        internal.polling = { polls };
        const isNew = polls !== 2;
        return { payload: { ...payload, body: { data: polls } }, resultType: isNew ? 'completed' : 'polled_no_changes' };
      },
    },
  },
  dataSources: {}, connections: [],
};`;

/** Publishes the component "hooked"; rejects when it is refused. */
export async function publishHooked(server: { apiUrl: string; accessToken: string }): Promise<void> {
  const flags = {
    hasOnInstanceDeploy: true,
    hasOnInstanceDelete: true,
    hasWebhookCreateFunction: true,
    hasWebhookDeleteFunction: true,
  };
  const { result, errors } = await publish(server, {
    definition: { key: 'hooked', public: false, display: display('hooked') },
    actions: ['show', 'refuse'].map((key) => ({
      key,
      display: display(key),
      inputs: [],
      examplePayload: '{}',
    })),
    triggers: [
      {
        key: 'hook',
        display: display('hook'),
        inputs: [input('fail')],
        examplePayload: '{}',
        scheduleSupport: 'invalid',
        synchronousResponseSupport: 'valid',
        ...flags,
      },
      {
        key: 'poll',
        display: display('poll'),
        inputs: [],
        examplePayload: '{}',
        scheduleSupport: 'required',
        synchronousResponseSupport: 'invalid',
        isPollingTrigger: true,
      },
    ],
    dataSources: [],
    connections: [],
  });
  if (!result) throw new Error(`It was refused: ${JSON.stringify(errors)}`);
  const upload = await put(result.packageUploadUrl, zipOf({ 'index.js': SOURCE }));
  if (upload.status !== 200) throw new Error(`Its package was refused: ${upload.body}`);
}
