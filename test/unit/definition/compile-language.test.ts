import { compilePlan, parseDefinition } from '../../../src/definition';
import { type Identities, identitiesOf } from '../../../src/definition/identities';
import type { Plan, PlanFlow } from '../../../src/engine/plan';
import { lookup } from './components';
import { behindHook, faultsOf, HOOK, withSteps } from './texts';

function planOf(text: string, known?: Identities): Plan {
  const { definition } = parseDefinition(text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  return compilePlan(definition, lookup, identitiesOf(definition, known));
}

function flowOf(text: string): PlanFlow {
  const flow = planOf(text).flows[0];
  if (flow === undefined) throw new Error('The plan has no flow.');
  return flow;
}

const flow = (more: string, steps = HOOK) =>
  withSteps(steps).replace('name: Main\n', `name: Main\n    ${more}\n`);
const trigger = (key: string, more = '', inputs = '') =>
  `- {name: H, isTrigger: true, action: {key: ${key}, component: {key: hooks, isPublic: true}}${more}${inputs}}`;
const CRON = ", schedule: {type: value, value: '0 0 * * *'}";

describe('queues', () => {
  test.each([
    ['usesFifoQueue: true', { limit: 1, isSingleton: false }],
    ['type: sequential', { limit: 1, isSingleton: false }],
    ['concurrencyLimit: 3', { limit: 3, isSingleton: false }],
    ['type: throttled, concurrencyLimit: 3', { limit: 3, isSingleton: false }],
    // As the SDK writes a throttle.
    ['usesFifoQueue: true, concurrencyLimit: 3', { limit: 3, isSingleton: false }],
    ['type: parallel', undefined],
    ['usesFifoQueue: false, singletonExecutions: false', undefined],
    [
      'dedupeIdField: {type: reference, value: hook.results.body.data.id}',
      { isSingleton: false, dedupeId: ['hook', 'results', 'body', 'data', 'id'] },
    ],
    [
      'usesFifoQueue: true, dedupeIdField: headers.X-Id',
      { limit: 1, isSingleton: false, dedupeId: ['hook', 'results', 'headers', 'X-Id'] },
    ],
    ['usesFifoQueue: true, dedupeIdField: {type: reference, value: ""}', { limit: 1, isSingleton: false }],
  ])('compiles {%s}', (config, expected) => {
    const text = flow(`queueConfig: {${config}}`);
    expect(faultsOf(text)).toEqual([]);
    expect(flowOf(text).queue).toEqual(expected);
  });

  test('lets a scheduled and a polling flow skip ticks', () => {
    for (const key of ['cron', 'poll']) {
      const text = flow('queueConfig: {singletonExecutions: true}', trigger(key, CRON));
      expect(faultsOf(text)).toEqual([]);
      expect(flowOf(text).queue).toEqual({ isSingleton: true });
    }
  });

  test.each([
    ['a strict queue with a schedule', 'queueConfig: {usesFifoQueue: true}', trigger('cron', CRON)],
    ['both kinds of queue', 'queueConfig: {usesFifoQueue: true, singletonExecutions: true}', HOOK],
    ['singletons without a schedule', 'queueConfig: {singletonExecutions: true}', HOOK],
  ])('refuses %s', (_what, config, steps) => {
    expect(faultsOf(flow(config, steps)).map(({ code }) => code)).toContain('queue_conflict');
  });

  test('refuses a throttle without a limit, a queue behind a caller, and an id that is no path', () => {
    expect(faultsOf(flow('queueConfig: {type: throttled}'))).toMatchObject([{ code: 'missing_key' }]);
    expect(faultsOf(flow('isSynchronous: true\n    queueConfig: {type: sequential}'))).toMatchObject([
      { code: 'synchronous_conflict' },
    ]);
    const template = '{type: template, value: "{{$elsewhere.results.id}}"}';
    expect(faultsOf(flow(`queueConfig: {dedupeIdField: ${template}}`))).toMatchObject([
      { code: 'wrong_input_type', severity: 'error' },
    ]);
    expect(faultsOf(flow('queueConfig: {dedupeIdField: {type: configVar, value: A}}'))).toMatchObject([
      { code: 'wrong_input_type', severity: 'error' },
    ]);
  });

  test('warns of an id that comes from a step behind the trigger', () => {
    expect(
      faultsOf(flow('queueConfig: {dedupeIdField: {type: reference, value: other.results.id}}')),
    ).toMatchObject([{ code: 'unknown_reference', severity: 'warning' }]);
  });
});

test('compiles the retry of a flow, with the id as a reference and as code-native integrations write it', () => {
  const config = 'maxAttempts: 3, delayMinutes: 5, usesExponentialBackoff: true';
  const retry = { maxAttempts: 3, delayMinutes: 5, usesExponentialBackoff: true };
  expect(flowOf(flow(`retryConfig: {${config}}`)).retry).toEqual(retry);
  for (const field of ['headers.x-id', '{type: reference, value: hook.results.headers.x-id}']) {
    expect(flowOf(flow(`retryConfig: {${config}, uniqueRequestIdField: ${field}}`)).retry).toEqual({
      ...retry,
      uniqueRequestId: ['hook', 'results', 'headers', 'x-id'],
    });
  }
  expect(flowOf(flow('retryConfig: {maxAttempts: 0}')).retry).toBeUndefined();
});

test('compiles batches with the sizes of the flow, else of the trigger', () => {
  const batches = (config: string) => flowOf(flow(`triggerResolver: ${config}`, trigger('list', CRON))).batch;
  expect(batches('{enabled: true, batchSize: 200, concurrentBatchLimit: 1}')).toEqual({
    batchSize: 200,
    concurrentBatchLimit: 1,
    runInitialSyncOnDeploy: false,
  });
  expect(batches('{enabled: true, runInitialSyncOnDeploy: true}')).toEqual({
    batchSize: 50,
    concurrentBatchLimit: 4,
    runInitialSyncOnDeploy: true,
  });
  expect(batches('{enabled: false, batchSize: 5}')).toBeUndefined();
  expect(faultsOf(flow('triggerResolver: {enabled: true}'))).toMatchObject([
    { code: 'batch_without_items', severity: 'warning' },
  ]);
});

describe('batches', () => {
  const ON = 'triggerResolver: {enabled: true}';
  const codes = (config: string) =>
    faultsOf(flow(config, trigger('list', CRON))).map(({ code, message }) => [code, message]);

  test('warn of an id that would drop duplicates: runs of items have none', () => {
    expect(codes(`${ON}\n    queueConfig: {concurrencyLimit: 2, dedupeIdField: body.id}`)).toEqual([
      ['queue_conflict', expect.stringContaining('"dedupeIdField" has no effect')],
    ]);
    expect(codes(`${ON}\n    queueConfig: {concurrencyLimit: 2, dedupeIdField: ""}`)).toEqual([]);
    expect(codes('queueConfig: {concurrencyLimit: 2, dedupeIdField: body.id}')).toEqual([]);
  });

  test('warn of a caller who waits, whether the flow or its trigger asks for them', () => {
    const synchronous = (config: string, more = '') =>
      faultsOf(flow(`isSynchronous: true\n    ${config}`, trigger('list', more)));
    const warning = {
      code: 'synchronous_conflict',
      severity: 'warning',
      message: expect.stringContaining('the answer is empty'),
    };
    expect(synchronous(ON)).toMatchObject([warning]);
    expect(synchronous('description: x')).toEqual([]);
    const text = flow('isSynchronous: true', HOOK.replace('webhook', 'batches'));
    expect(faultsOf(text)).toMatchObject([warning]);
  });
});

test('a config variable keeps how its schedule is shown', () => {
  const made = (more: string) =>
    planOf(withSteps(HOOK, `requiredConfigVars: [{key: When, dataType: schedule, ${more}}]\n`)).configVars[0];
  expect(made('scheduleType: week, defaultValue: "0 0 * * 0"')).toMatchObject({ scheduleType: 'week' });
  expect(made('defaultValue: "0 0 * * 0"')).not.toHaveProperty('scheduleType');
});

test('says what a trigger needs besides being called', () => {
  expect(flowOf(withSteps(trigger('list', CRON))).triggerTraits).toEqual({
    scheduleSupport: 'valid',
    synchronousResponseSupport: 'valid',
    isPolling: true,
    hasResolveTriggerItems: true,
    hasNextPagination: true,
    hasWebhookCreate: true,
  });
});

test('compiles the branches of a trigger', () => {
  const step = '{name: In, action: {key: breakLoop, component: {key: loop, isPublic: true}}}';
  const text = withSteps(trigger('fork', `, branches: [{name: A.b, steps: [${step}]}, {name: Else}]`));
  expect(flowOf(text).trigger.branches).toMatchObject([
    { name: 'A.b', steps: [{ key: 'in', path: '0.A%2Eb.0' }] },
    { name: 'Else', steps: [] },
  ]);
});

test('compiles a schedule made of config variables, and refuses one made of step results', () => {
  const make = (value: string) =>
    withSteps(
      trigger('cron', `, schedule: {type: template, value: "${value}", meta: {timeZone: europe/berlin}}`),
      'requiredConfigVars: [{key: Every Minutes, dataType: string}]\n',
    );
  expect(flowOf(make('*/{{#Every Minutes}} * * * *')).schedule).toEqual({
    type: 'template',
    parts: [
      { kind: 'text', text: '*/' },
      { kind: 'configVar', key: 'Every Minutes' },
      { kind: 'text', text: ' * * * *' },
    ],
    timeZone: 'Europe/Berlin',
  });
  expect(faultsOf(make('{{$h.results}} * * * *'))).toMatchObject([{ code: 'wrong_input_type' }]);
  expect(faultsOf(make('*/{{#Every}} * * * *'))).toMatchObject([
    { code: 'unknown_config_var', severity: 'error' },
  ]);
});

describe('shared endpoints', () => {
  const TWO = (more: string) =>
    `${withSteps(`${HOOK}\n- {name: Who Is It, action: {key: createLead, component: {key: crm, isPublic: false}}}`, more)}  - name: Work\n    stableKey: w\n    steps:\n      ${HOOK}\n`;

  test('names the preprocess flow by its stable key and splits the paths', () => {
    const text = TWO(
      'endpointType: shared_instance\npreprocessFlowName: Main\nflowNameField: {type: reference, value: whoIsIt.results.flow}\nexternalCustomerIdField: {type: reference, value: "hook.results.headers.X-Customer"}\nexternalCustomerUserIdField: user.id\n',
    );
    expect(faultsOf(text)).toEqual([]);
    expect(planOf(text).endpoint).toEqual({
      type: 'shared_instance',
      preprocessFlow: 'Main',
      flowName: ['whoIsIt', 'results', 'flow'],
      externalCustomerId: ['hook', 'results', 'headers', 'X-Customer'],
      externalCustomerUserId: ['whoIsIt', 'results', 'user', 'id'],
    });
  });

  test('reads the payload where no flow runs first', () => {
    for (const field of ['payload.results.body.data.flow', 'body.data.flow', 'hook.results.body.data.flow']) {
      const text = TWO(
        `endpointType: instance_specific\nflowNameField: {type: reference, value: ${field}}\n`,
      );
      expect(planOf(text).endpoint).toEqual({
        type: 'instance_specific',
        flowName: ['payload', 'results', 'body', 'data', 'flow'],
      });
    }
  });

  test('never lets deliveries to the preprocess flow wait in a queue', () => {
    const text = TWO('endpointType: instance_specific\npreprocessFlowName: Main\n').replace(
      'name: Main\n',
      'name: Main\n    queueConfig: {usesFifoQueue: true}\n',
    );
    const { endpoint, flows } = planOf(text);
    expect(endpoint).toEqual({ type: 'instance_specific', preprocessFlow: 'Main' });
    expect(flows[0]?.queue).toBeUndefined();
  });

  test.each([
    ['no path of the flow’s name', 'endpointType: instance_specific\n', 'missing_key'],
    [
      'no path of the customer',
      'endpointType: shared_instance\nflowNameField: body.data.flow\n',
      'missing_key',
    ],
    [
      'an unknown preprocess flow',
      'endpointType: instance_specific\npreprocessFlowName: Mian\nflowNameField: a\n',
      'unknown_flow',
    ],
  ])('refuses %s', (_what, more, code) => {
    expect(faultsOf(TWO(more))).toMatchObject([{ code, severity: 'error' }]);
  });

  test('has no endpoint where each flow has an address of its own', () => {
    expect(planOf(TWO('endpointType: flow_specific\npreprocessFlowName: Main\n')).endpoint).toBeUndefined();
  });
});

test('compiles what config variables say of who sets them and where values come from', () => {
  const { configVars } = planOf(
    withSteps(
      HOOK,
      `requiredConfigVars:
  - {key: Org, dataType: string, orgOnly: true, meta: {visibleToCustomerDeployer: true, visibleToOrgDeployer: false}}
  - {key: Api, dataType: string, meta: {isVisibleToCustomerDeployer: false}}
  - {key: User, dataType: string}
  - {key: Shared, stableKey: crm-login, dataType: connection, useScopedConfigVar: crm-login}
  - key: Site
    stableKey: ''
    dataType: picklist
    dataSource: {key: listSites, component: {key: http, isPublic: true, signature: ''}}
    inputs: {connection: {type: configVar, value: Own}}
  - key: Own
    dataType: connection
    stableKey: ''
    connection: {key: login, component: {key: oauth, isPublic: true}, template: preset}
    meta: {oAuthSuccessRedirectUri: "https://ok.test", visibleToCustomerDeployer: false}
    inputs:
      scopes: {type: value, value: read, meta: {orgOnly: true, writeOnly: true}}
      domain: {type: value, value: "{{#not a template}}"}
      headers: {type: complex, value: [{name: {type: value, value: A}, type: value, value: b}]}
      future: {type: value, value: x}
`,
    ).replace(
      'flows:',
      'configPages: [{name: P, userLevelConfigured: true, elements: [{type: configVar, value: User}]}]\nflows:',
    ),
  );
  const component = { isPublic: true, version: 5, signature: 'present' };
  expect(configVars).toMatchObject([
    { setBy: 'organization', visibleToOrganization: false },
    { setBy: 'embedded' },
    { setBy: 'customer', isUserLevel: true },
    { stableKey: 'crm-login', sharedConnection: 'crm-login' },
    {
      stableKey: 'Site',
      dataSource: {
        key: 'listSites',
        component: { ...component, key: 'http' },
        inputs: { connection: { kind: 'configVar', key: 'Own' }, filter: { kind: 'value', value: '' } },
      },
    },
    {
      setBy: 'embedded',
      connection: {
        oauth2Type: 'authorization_code',
        oauth2PkceMethod: 'S256',
        template: 'preset',
        successRedirectUri: 'https://ok.test',
      },
    },
  ]);
  expect(configVars[3]?.connection).toBeUndefined();
  expect(configVars[5]?.connection?.fields).toEqual([
    { key: 'domain', type: 'string', required: true, value: '{{#not a template}}' },
    {
      key: 'authorizeUrl',
      type: 'template',
      required: false,
      value: 'https://{{#domain}}/authorize',
      // A preset's value would come before the component's.
      isDefault: true,
      isTemplate: true,
    },
    {
      key: 'scopes',
      type: 'string',
      required: false,
      value: 'read',
      setBy: 'organization',
      isWriteOnly: true,
    },
    {
      key: 'headers',
      type: 'string',
      required: false,
      collection: 'keyvaluelist',
      value: '[{"key":"A","value":"b"}]',
    },
    { key: 'future', type: 'string', required: false, value: 'x' },
  ]);
});

test('compiles a code-native integration: its own code, and what that code may call', () => {
  const text = `definitionVersion: 7
isCodeNative: true
name: Code
flows:
  - name: Do It
    stableKey: do-it
    schemas: {invoke: {type: object}}
    supplementalComponents: [{key: http, isPublic: true, signature: ''}, {key: hooks, isPublic: true, version: LATEST}]
    steps:
      - {name: On Trigger, isTrigger: true, action: {key: webhook, component: {key: hooks, isPublic: true, version: LATEST}}}
      - {name: On Execution, action: {key: createLead, component: {key: crm, isPublic: false, version: LATEST}}}
importMetadata: {a: 1}
`;
  expect(faultsOf(text)).toEqual([]);
  const plan = planOf(text);
  expect(plan.isCodeNative).toBe(true);
  expect(plan.flows[0]).toMatchObject({
    stableKey: 'do-it',
    schemas: { invoke: { type: 'object' } },
    supplementalComponents: [{ key: 'http' }, { key: 'hooks' }],
    trigger: { key: 'onTrigger', inputs: { body: { kind: 'value', value: '' } } },
    steps: [{ key: 'onExecution', reads: 'all', component: { key: 'crm', version: 2 } }],
  });
  expect(plan.components.map(({ key }) => key)).toEqual(['hooks', 'crm', 'http']);
});

test('passes inputs on that the component does not declare', () => {
  const text = behindHook(
    '- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: u}, proxy: {type: reference, value: hook.results.p}}}',
  );
  expect(flowOf(text).steps[0]).toMatchObject({
    inputs: { proxy: { kind: 'reference', path: ['hook', 'results', 'p'] } },
    reads: ['hook'],
  });
});

describe('renames', () => {
  const names = (flows: string[], more = '') =>
    `definitionVersion: 7\nname: T\n${more}flows:\n${flows.map((name) => `  - {name: ${name}, steps: [${HOOK.slice(2)}]}\n`).join('')}`;
  const identities = (text: string, known?: Identities) => {
    const { definition } = parseDefinition(text);
    if (definition === undefined) throw new Error('The definition cannot be read.');
    return identitiesOf(definition, known);
  };
  const keysOf = ({ flows }: Identities) => Object.fromEntries(flows.map((one) => [one.name, one.stableKey]));
  const rename = (...pairs: [string, string][]) =>
    `renameAttributes: {flows: [${pairs.map(([from, to]) => `{oldName: ${from}, newName: ${to}}`).join(', ')}]}\n`;

  test('keep the identity of a flow over several imports, also without the hint', () => {
    let known = identities(names(['A', 'B']));
    known = identities(names(['C', 'B'], rename(['A', 'C'])), known);
    expect(keysOf(known)).toEqual({ C: 'A', B: 'B' });
    known = identities(names(['C', 'B']), known);
    expect(keysOf(known)).toEqual({ C: 'A', B: 'B' });
    known = identities(names(['D', 'B'], rename(['C', 'D'])), known);
    expect(keysOf(known)).toEqual({ D: 'A', B: 'B' });
    expect(planOf(names(['D', 'B'], rename(['C', 'D'])), known).flows[0]?.stableKey).toBe('A');
  });

  test('are applied once, though the text still holds them', () => {
    const text = names(['B', 'C'], rename(['A', 'B'], ['B', 'C']));
    const once = identities(text, identities(names(['A', 'B'])));
    expect(keysOf(once)).toEqual({ B: 'A', C: 'B' });
    expect(identities(text, once)).toEqual(once);
  });

  test('give a new flow under an old name an identity of its own', () => {
    const known = identities(names(['B', 'A'], rename(['A', 'B'])), identities(names(['A'])));
    expect(keysOf(known)).toEqual({ B: 'A', A: 'A#2' });
  });

  test('warn where the new name is nobody’s', () => {
    expect(faultsOf(names(['A'], rename(['A', 'B'])))).toMatchObject([
      { code: 'unknown_rename', severity: 'warning' },
    ]);
  });
});
