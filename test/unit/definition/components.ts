import type {
  ActionManifest,
  ComponentManifest,
  InputManifest,
  TriggerManifest,
} from '../../../src/components/manifest';
import type { ComponentLookup } from '../../../src/definition';

const input = (key: string, more: Partial<InputManifest> = {}): InputManifest => ({
  key,
  label: key,
  type: 'string',
  ...more,
});

const action = (
  key: string,
  inputs: InputManifest[],
  more: Partial<ActionManifest> = {},
): ActionManifest => ({
  key,
  label: key,
  description: '',
  inputs,
  ...more,
});

const trigger = (key: string, more: Partial<TriggerManifest> = {}): TriggerManifest => ({
  ...action(key, [input('body')]),
  scheduleSupport: 'valid',
  synchronousResponseSupport: 'valid',
  ...more,
});

const byKey = <Entry extends { key: string }>(entries: Entry[]): Record<string, Entry> =>
  Object.fromEntries(entries.map((entry) => [entry.key, entry]));

function component(
  key: string,
  parts: {
    actions?: ActionManifest[];
    triggers?: TriggerManifest[];
    dataSources?: ActionManifest[];
    connections?: ComponentManifest['connections'];
  },
  isPublic = true,
): ComponentManifest {
  return {
    key,
    isPublic,
    display: { label: key, description: '' },
    actions: byKey(parts.actions ?? []),
    triggers: byKey(parts.triggers ?? []),
    dataSources: byKey(parts.dataSources ?? []),
    connections: parts.connections ?? [],
  };
}

const hooks = component('hooks', {
  triggers: [
    trigger('webhook'),
    trigger('cron', { scheduleSupport: 'required', synchronousResponseSupport: 'invalid' }),
    trigger('poll', { isPollingTrigger: true }),
    trigger('tool', { scheduleSupport: 'invalid', synchronousResponseSupport: 'required' }),
    trigger('fork', { allowsBranching: true }),
    trigger('batches', { hasResolveTriggerItems: true, triggerResolverSupport: 'required' }),
    trigger('list', {
      isPollingTrigger: true,
      hasResolveTriggerItems: true,
      hasGetNextDiscoveryState: true,
      hasWebhookCreateFunction: true,
      triggerResolverSupport: 'valid',
      triggerResolverDefaultBatchSize: 50,
      triggerResolverDefaultConcurrentBatchLimit: 4,
    }),
  ],
});

const http = component('http', {
  actions: [
    action('get', [
      input('url', { required: true }),
      input('timeout', { required: true, default: '1000' }),
      input('headers', { collection: 'keyvaluelist' }),
      input('tags', { collection: 'valuelist' }),
      input('connection', { type: 'connection' }),
      input('shape', { type: 'objectSelection' }),
      input('address', { type: 'structuredObject', inputs: [input('city')] }),
    ]),
  ],
  dataSources: [action('listSites', [input('connection', { type: 'connection' }), input('filter')])],
  connections: [
    {
      key: 'apiKey',
      label: 'API key',
      inputs: [
        input('host', { default: 'https://api.test' }),
        input('token', { type: 'password', required: true }),
        input('tokenUrl', { type: 'template', default: 'https://{{#host}}/token' }),
      ],
    },
  ],
});

const oauth = component('oauth', {
  connections: [
    {
      key: 'login',
      label: 'Login',
      oauth2Type: 'authorization_code',
      oauth2PkceMethod: 'S256',
      inputs: [
        input('domain', { required: true }),
        input('authorizeUrl', { type: 'template', default: 'https://{{#domain}}/authorize' }),
        input('scopes'),
        input('headers', { collection: 'keyvaluelist' }),
      ],
    },
  ],
});

const branch = component('branch', {
  actions: [
    action('branchOnExpression', [input('conditions', { type: 'conditional', collection: 'keyvaluelist' })], {
      allowsBranching: true,
      staticBranchNames: ['Else'],
      dynamicBranchInput: 'conditions',
    }),
    action('branchOnValue', [input('inputValue'), input('mappings', { collection: 'keyvaluelist' })], {
      allowsBranching: true,
      staticBranchNames: ['Else'],
      dynamicBranchInput: 'mappings',
    }),
  ],
});

const loop = component('loop', {
  actions: [
    action('loopOverItems', [input('items', { required: true })]),
    action('loopNTimes', [input('iterationCount', { required: true, default: '1000' })]),
    action('breakLoop', [], { breakLoop: true }),
  ],
});

const code = component('code', { actions: [action('runCode', [input('code', { required: true })])] });
const stop = component('stop', { actions: [action('stopExecution', [], { terminateExecution: true })] });
const crm = component('crm', { actions: [action('createLead', [input('name')])] }, false);

const BUILT_IN = new Map([hooks, http, oauth, branch, loop, code, stop].map((one) => [one.key, one]));
const CRM_VERSIONS = new Map([
  [1, 'signature-1'],
  [2, 'signature-2'],
]);

/**
 * A registry with seven public components in one version each (number 5, whatever is asked for) and the private
 * component `crm` in the versions 1 and 2.
 */
export const lookup: ComponentLookup = ({ key, isPublic, version, signature }) => {
  const manifest = isPublic ? BUILT_IN.get(key) : undefined;
  if (manifest !== undefined) return { manifest, pin: { key, isPublic, version: 5, signature: 'present' } };
  if (isPublic || key !== 'crm') return { missing: 'component' };
  const found = [...CRM_VERSIONS].find(([number, signed]) =>
    signature === undefined ? number === (version === 'LATEST' ? 2 : version) : signed === signature,
  );
  if (found === undefined) return { missing: 'version', newest: 2 };
  return { manifest: crm, pin: { key, isPublic, version: found[0], signature: found[1] } };
};
