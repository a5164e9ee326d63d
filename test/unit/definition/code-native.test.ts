import {
  configPage,
  configVar,
  connectionConfigVar,
  dataSourceConfigVar,
  flow,
  integration,
  organizationActivatedConnection,
} from '@prismatic-io/spectral';
import { builtinLookup } from '../../../src/cli/builtin-lookup';
import { extractManifest } from '../../../src/components/extract-manifest';
import {
  type ComponentLookup,
  checkDefinition,
  compilePlan,
  describeFault,
  parseDefinition,
} from '../../../src/definition';

const FLOW = { description: '', onExecution: async () => Promise.resolve({ data: null }) };

/** What a package of a code-native integration exports, as the SDK makes it. */
function packaged(): { yaml: string; lookup: ComponentLookup } {
  const made = integration({
    name: 'Orders',
    description: 'Code-native',
    version: '1.2.3',
    labels: ['a'],
    endpointType: 'instance_specific',
    triggerPreprocessFlowConfig: { flowNameField: 'body.data.flow' },
    scopedConfigVars: { 'Shared CRM': organizationActivatedConnection({ stableKey: 'shared-crm' }) },
    configPages: {
      Connect: configPage({
        tagline: 'First',
        elements: {
          '<p>Hi</p>': '<p>Hi</p>',
          'Shop Login': connectionConfigVar({
            stableKey: 'shop-login',
            dataType: 'connection',
            inputs: {
              shop: { label: 'Shop', type: 'string', required: true, default: 'x.test' },
              key: { label: 'Key', type: 'password', required: true, writeOnly: true },
              url: { label: 'Url', type: 'template', templateValue: 'https://{{#shop}}/api', shown: false },
            },
          }),
          'Pick One': dataSourceConfigVar({
            stableKey: 'pick-one',
            dataSourceType: 'picklist',
            perform: async () => Promise.resolve({ result: ['a'] }),
          }),
          Every: configVar({ stableKey: 'every', dataType: 'schedule', defaultValue: '0 0 * * *' }),
          Pairs: configVar({
            stableKey: 'pairs',
            dataType: 'string',
            collectionType: 'keyvaluelist',
            defaultValue: { a: 'b' },
          }),
        },
      }),
    },
    userLevelConfigPages: {
      Mine: configPage({
        elements: {
          Nick: configVar({ stableKey: 'nick', dataType: 'string', permissionAndVisibilityType: 'embedded' }),
        },
      }),
    },
    flows: [
      flow({
        ...FLOW,
        name: 'Fifo!',
        stableKey: 'fifo',
        queueConfig: { type: 'throttled', concurrencyLimit: 4, dedupeIdField: 'body.data.id' },
        retryConfig: {
          maxAttempts: 2,
          delayMinutes: 1,
          usesExponentialBackoff: false,
          uniqueRequestIdField: 'headers.x-id',
        },
        schemas: { invoke: { properties: { id: { type: 'string', description: 'Of the order' } } } },
        onTrigger: async (_context, payload) => Promise.resolve({ payload }),
        onInstanceDeploy: async () => Promise.resolve(),
      }),
      flow({
        ...FLOW,
        name: 'Sched 2',
        stableKey: 'sched-2',
        schedule: { configVar: 'Every', timezone: 'Europe/Berlin' },
        queueConfig: { usesFifoQueue: false, singletonExecutions: true },
        errorConfig: { errorHandlerType: 'retry', maxAttempts: 2, delaySeconds: 1 },
      }),
    ],
  }) as unknown as Record<string, unknown> & { key: string; codeNativeIntegrationYAML: string };
  const manifest = extractManifest(made as never, { isPublic: false });
  const builtin = builtinLookup();
  const lookup: ComponentLookup = (reference) => {
    if (reference.isPublic) return builtin(reference);
    if (reference.key !== made.key) return { missing: 'component' };
    return { manifest, pin: { key: made.key, isPublic: false, version: 1, signature: 'sha' } };
  };
  return { yaml: made.codeNativeIntegrationYAML, lookup };
}

test('a code-native integration as the SDK writes it compiles without an error', () => {
  const { yaml, lookup } = packaged();
  const { definition, faults } = parseDefinition(yaml);
  if (definition === undefined) throw new Error(faults.map(describeFault).join('\n'));
  const found = [...faults, ...checkDefinition(definition, lookup)];
  // Its page for end users has no shared address whose deliveries would name one.
  expect(found).toEqual([
    expect.objectContaining({ severity: 'warning', path: 'configPages.1.userLevelConfigured' }),
  ]);
  const plan = compilePlan(definition, lookup);
  expect(plan).toMatchObject({
    isCodeNative: true,
    endpoint: { type: 'instance_specific', flowName: ['payload', 'results', 'body', 'data', 'flow'] },
  });
  expect(plan.flows).toMatchObject([
    {
      stableKey: 'fifo',
      queue: { limit: 4, isSingleton: false, dedupeId: ['onTrigger', 'results', 'body', 'data', 'id'] },
      retry: { maxAttempts: 2, uniqueRequestId: ['onTrigger', 'results', 'headers', 'x-id'] },
      triggerTraits: { hasOnInstanceDeploy: true },
      schemas: { invoke: { type: 'object' } },
      trigger: { key: 'onTrigger', action: 'fifo_onTrigger' },
      steps: [{ key: 'onExecution', action: 'fifo_onExecution', reads: 'all' }],
    },
    {
      stableKey: 'sched-2',
      queue: { isSingleton: true },
      schedule: { type: 'configVar', configVar: 'Every', timeZone: 'Europe/Berlin' },
      trigger: { component: { key: 'schedule-triggers', isPublic: true }, onError: { type: 'retry' } },
      steps: [{ action: 'sched2_onExecution', onError: { type: 'retry', maxAttempts: 2 } }],
    },
  ]);
  const byKey = new Map(plan.configVars.map((one) => [one.key, one]));
  expect(byKey.get('Shared CRM')).toMatchObject({ sharedConnection: 'shared-crm', dataType: 'connection' });
  expect(byKey.get('Pick One')).toMatchObject({ dataType: 'picklist', dataSource: { key: 'pickOne' } });
  expect(byKey.get('Pairs')).toMatchObject({ collectionType: 'keyvaluelist' });
  expect(byKey.get('Nick')).toMatchObject({ isUserLevel: true, setBy: 'embedded' });
  expect(byKey.get('Shop Login')?.connection).toMatchObject({
    key: 'shopLogin',
    fields: [
      { key: 'shop', value: 'x.test' },
      { key: 'key', isWriteOnly: true },
      { key: 'url', value: 'https://{{#shop}}/api', isTemplate: true },
    ],
  });
});
