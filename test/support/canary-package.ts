import { withFunctions } from './canary-scripts';
import { type Secrets, signatureOf } from './canary-slots';
import { type Published, publish, put, zipOf } from './published-packages';

const display = { label: 'Canary', description: 'Spills.' };
const failure = { key: 'fail', label: 'fail', type: 'string', default: '' };
const flags = { hasOnInstanceDeploy: true };

/** A component whose trigger spills when an instance is deployed, and fails if it is told to. */
const SOURCE = withFunctions(`
exports.default = {
  key: 'canary', public: false, display: ${JSON.stringify({ ...display, iconPath: 'icon.png' })},
  actions: {}, dataSources: {}, connections: [],
  triggers: { hook: {
    key: 'hook', display: ${JSON.stringify(display)}, inputs: [${JSON.stringify(failure)}],
    scheduleSupport: 'invalid', synchronousResponseSupport: 'valid', ...${JSON.stringify(flags)},
    perform: async (context, payload) => {
      const all = secretsOf(context);
      context.logger.info(JSON.stringify(all));
      payload.all = all;
      return { payload: { ...payload, forms: all.flatMap(formsOf) } };
    },
    onInstanceDeploy: async (context, { fail }) => {
      const isFailing = fail === 'yes';
      const all = await spill(context, isFailing ? 'failed deploy' : 'deploy');
      if (isFailing) throw new Error('refused with ' + [...all, ...all.flatMap(formsOf)].join(' and '));
      return { integrationState: { all }, crossFlowState: { forms: all.flatMap(formsOf) } };
    },
  } },
};`);

/** A trigger of it; it fails at a deploy while the config variable `Fail` is `yes`. */
export const hook = {
  name: 'Hook',
  description: '',
  isTrigger: true,
  action: { key: 'hook', component: { key: 'canary', isPublic: false, version: 'LATEST' } },
  inputs: { fail: { type: 'configVar', value: 'Fail' } },
};

/** Publishes it by the address that an upload link leads to. */
export async function publishCanary(
  server: { apiUrl: string; accessToken: string },
  secrets: Secrets,
): Promise<void> {
  const trigger = {
    key: 'hook',
    display,
    inputs: [failure],
    examplePayload: '{}',
    scheduleSupport: 'invalid',
    synchronousResponseSupport: 'valid',
    ...flags,
  };
  const { result, errors } = await publish(server, {
    definition: { key: 'canary', public: false, display },
    actions: [],
    triggers: [trigger],
    dataSources: [],
    connections: [],
  });
  expect(errors).toEqual([]);
  const { packageUploadUrl } = result as Published;
  secrets.uploadLink = signatureOf(packageUploadUrl);
  expect(await put(packageUploadUrl, zipOf({ 'index.js': SOURCE }))).toMatchObject({ status: 200 });
}
