import { compilePlan, parseDefinition } from '../../../src/definition';
import type { PlanStep } from '../../../src/engine/plan';
import { isAppError } from '../../../src/errors';
import { lookup } from './components';
import { get, planOf, stepsOf, value } from './plan-of';
import { behindHook, HOOK, withSteps } from './texts';

test('gives the whole plan of a small integration', () => {
  const text = behindHook(`- ${get('Get It')}`, 'description: for people\n');
  const component = { key: 'http', isPublic: true, version: 5, signature: 'present' };
  const hooks = { ...component, key: 'hooks' };
  const onError = {
    type: 'fail',
    maxAttempts: 0,
    delaySeconds: 0,
    usesExponentialBackoff: false,
    ignoreFinalError: false,
  };
  const expected = {
    formatVersion: 1,
    integrationName: 'Test',
    configVars: [],
    flows: [
      {
        name: 'Main',
        stableKey: 'Main',
        description: '',
        isSynchronous: false,
        endpointSecurityType: 'customer_optional',
        organizationApiKeys: [],
        triggerTraits: { scheduleSupport: 'valid', synchronousResponseSupport: 'valid' },
        trigger: {
          key: 'hook',
          name: 'Hook',
          path: '0',
          component: hooks,
          action: 'webhook',
          inputs: { body: value('') },
          reads: [],
          onError,
        },
        steps: [
          {
            key: 'getIt',
            name: 'Get It',
            path: '1',
            component,
            action: 'get',
            inputs: {
              url: value('u'),
              timeout: value('1000'),
              headers: { kind: 'list', items: [] },
              tags: { kind: 'list', items: [] },
            },
            reads: [],
            onError,
          },
        ],
      },
    ],
    components: [hooks, component],
  };
  expect(planOf(text)).toEqual(expected);
  expect(JSON.parse(JSON.stringify(planOf(text)))).toEqual(expected);
});

test('gives every step a path of its own, whatever the names of branches are', () => {
  const steps = stepsOf(
    behindHook(`
- ${get('First')}
- name: Choose
  action: {key: branchOnValue, component: {key: branch, isPublic: true}}
  branches:
    - name: A
      steps:
        - name: Inner
          action: {key: branchOnValue, component: {key: branch, isPublic: true}}
          branches: [{name: B, steps: [${get('One')}]}]
    - {name: A.0.B, steps: [${get('Two')}]}
    - {name: A%2E0, steps: [${get('Three')}]}
    - {name: Else, steps: []}
- name: Each
  action: {key: loopOverItems, component: {key: loop, isPublic: true}}
  inputs: {items: {type: reference, value: hook.results}}
  steps:
    - ${get('Four')}
    - name: Times
      action: {key: loopNTimes, component: {key: loop, isPublic: true}}
      steps: [{name: Out, action: {key: breakLoop, component: {key: loop, isPublic: true}}}]
- {name: Stop, action: {key: stopExecution, component: {key: stop, isPublic: true}}}
`),
  );
  const found: string[] = [];
  const visit = (list: PlanStep[]) => {
    for (const { key, path, branches = [], loop } of list) {
      found.push(`${key} ${path}`);
      for (const branch of branches) visit(branch.steps);
      visit(loop?.steps ?? []);
    }
  };
  visit(steps);
  expect(found).toEqual([
    'first 1',
    'choose 2',
    'inner 2.A.0',
    'one 2.A.0.B.0',
    'two 2.A%2E0%2EB.0',
    'three 2.A%252E0.0',
    'each 3',
    'four 3.loop.0',
    'times 3.loop.1',
    'out 3.loop.1.loop.0',
    'stop 4',
  ]);
  const [, choose, each, stop] = steps;
  expect(choose?.branches?.map(({ name }) => name)).toEqual(['A', 'A.0.B', 'A%2E0', 'Else']);
  expect(each?.loop?.kind).toBe('items');
  const times = each?.loop?.steps[1];
  expect(times?.loop?.kind).toBe('times');
  expect(times?.inputs.iterationCount).toEqual(value('1000'));
  expect(times?.loop?.steps[0]?.breaksLoop).toBe(true);
  expect(stop?.terminates).toBe(true);
  expect(choose).not.toHaveProperty('terminates');
});

test('lists the steps that a step reads, and all for code', () => {
  const steps = stepsOf(
    behindHook(`
- ${get('A', ', tags: {type: complex, value: [{type: reference, value: hook.results.x}, {type: template, value: "{{$nobody.results}}{{$b.results}}"}]}')}
- ${get('B', ', headers: {type: complex, value: [{name: {type: reference, value: a.results}, type: value, value: x}]}')}
- {name: C, action: {key: runCode, component: {key: code, isPublic: true}}, inputs: {code: {type: value, value: x}}}
`),
  );
  expect(steps.map(({ reads }) => reads)).toEqual([['hook', 'b'], ['a'], 'all']);
});

test.each([
  [
    '',
    { type: 'fail', maxAttempts: 0, delaySeconds: 0, usesExponentialBackoff: false, ignoreFinalError: false },
  ],
  [
    '{errorHandlerType: ignore, maxAttempts: 1, delaySeconds: 10}',
    {
      type: 'ignore',
      maxAttempts: 0,
      delaySeconds: 0,
      usesExponentialBackoff: false,
      ignoreFinalError: false,
    },
  ],
  [
    '{errorHandlerType: retry, maxAttempts: 3, delaySeconds: 10, usesExponentialBackoff: true, ignoreFinalError: true}',
    { type: 'retry', maxAttempts: 3, delaySeconds: 10, usesExponentialBackoff: true, ignoreFinalError: true },
  ],
])('compiles the error policy %s', (config, onError) => {
  const more = config === '' ? '' : `, errorConfig: ${config}`;
  const [step] = stepsOf(behindHook(`- ${get('A').replace(/\}$/, `${more}}`)}`));
  expect(step?.onError).toEqual(onError);
});

test.each([
  [
    '{type: value, value: "00 09 * * 1-5", meta: {timeZone: europe/berlin}}',
    { type: 'value', cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin' },
  ],
  [
    '{type: value, value: "*/5 * * * *", meta: {scheduleType: minute, timeZone: ""}}',
    { type: 'value', cron: '*/5 * * * *', timeZone: 'UTC' },
  ],
  ['{type: template, value: "*/5 * * * *"}', { type: 'value', cron: '*/5 * * * *', timeZone: 'UTC' }],
  ['{type: value, value: "", meta: {scheduleType: once}}', undefined],
  ['{type: configVar, value: When}', { type: 'configVar', configVar: 'When', timeZone: 'America/New_York' }],
])('compiles the schedule %s', (schedule, expected) => {
  const hook = HOOK.replace(/\}$/, `, schedule: ${schedule}}`);
  const plan = planOf(
    withSteps(hook, 'requiredConfigVars: [{key: When, dataType: schedule, timeZone: America/New_York}]\n'),
  );
  expect(plan.flows[0]?.schedule).toEqual(expected);
});

test('compiles config variables with what their values need', () => {
  const { configVars } = planOf(
    withSteps(
      HOOK,
      `requiredConfigVars:
  - {key: A, dataType: picklist, pickList: [x, y], defaultValue: x, description: Choose, orgOnly: true, stableKey: a-1}
  - {key: B, dataType: objectFieldMap, defaultValue: ""}
  - {key: C, dataType: string, collectionType: keyvaluelist, defaultValue: 15}
  - {key: D, dataType: schedule, defaultValue: "0 0 * * *", timeZone: Europe/Berlin}
  - {key: E, dataType: schedule, timeZone: ""}
  - key: F
    dataType: connection
    connection: {key: apiKey, component: {key: http, isPublic: true, version: LATEST}}
    inputs: {host: {type: value, value: ""}, token: {type: value, value: secret}}
  - key: G
    dataType: connection
    connection: {key: apiKey, component: {key: http, isPublic: true}}
    inputs: {tokenUrl: {type: template, value: "https://{{#host}}/other"}}
`,
    ),
  );
  const component = { key: 'http', isPublic: true, version: 5, signature: 'present' };
  const plain = { orgOnly: false, setBy: 'customer' };
  expect(configVars).toEqual([
    {
      key: 'A',
      stableKey: 'a-1',
      dataType: 'picklist',
      pickList: ['x', 'y'],
      defaultValue: 'x',
      description: 'Choose',
      orgOnly: true,
      setBy: 'organization',
    },
    { ...plain, key: 'B', stableKey: 'B', dataType: 'objectfieldmap' },
    {
      ...plain,
      key: 'C',
      stableKey: 'C',
      dataType: 'string',
      collectionType: 'keyvaluelist',
      defaultValue: '15',
    },
    {
      ...plain,
      key: 'D',
      stableKey: 'D',
      dataType: 'schedule',
      defaultValue: '0 0 * * *',
      timeZone: 'Europe/Berlin',
    },
    { ...plain, key: 'E', stableKey: 'E', dataType: 'schedule' },
    {
      ...plain,
      key: 'F',
      stableKey: 'F',
      dataType: 'connection',
      connection: {
        key: 'apiKey',
        component,
        fields: [
          { key: 'host', type: 'string', required: false, value: '' },
          { key: 'token', type: 'password', required: true, value: 'secret' },
          {
            key: 'tokenUrl',
            type: 'template',
            required: false,
            value: 'https://{{#host}}/token',
            isTemplate: true,
          },
        ],
      },
    },
    {
      ...plain,
      key: 'G',
      stableKey: 'G',
      dataType: 'connection',
      connection: {
        key: 'apiKey',
        component,
        fields: [
          { key: 'host', type: 'string', required: false, value: 'https://api.test' },
          { key: 'token', type: 'password', required: true },
          {
            key: 'tokenUrl',
            type: 'template',
            required: false,
            value: 'https://{{#host}}/other',
            isTemplate: true,
          },
        ],
      },
    },
  ]);
});

const lead = (name: string, version: string) =>
  `- {name: ${name}, action: {key: createLead, component: {key: crm, isPublic: false, ${version}}}}`;

test('fixes components to versions: LATEST, a number, a signature', () => {
  const { components } = planOf(
    behindHook(
      [lead('A', 'version: LATEST'), lead('B', 'version: 1'), lead('C', 'signature: signature-1')].join('\n'),
    ),
  );
  const crm = { key: 'crm', isPublic: false };
  expect(components.slice(1)).toEqual([
    { ...crm, version: 2, signature: 'signature-2' },
    { ...crm, version: 1, signature: 'signature-1' },
  ]);
});

test('refuses a definition with errors, whether reading or checking it finds them', () => {
  const { definition } = parseDefinition(
    behindHook(`- ${get('A')}\n- ${get('b', ', timeot: {type: value, value: x}')}`, 'endpointType: any\n'),
  );
  if (definition === undefined) throw new Error('The definition cannot be read.');
  let thrown: unknown;
  try {
    compilePlan(definition, lookup);
  } catch (error) {
    thrown = error;
  }
  if (!isAppError(thrown)) throw new Error('No AppError was thrown.');
  expect(thrown).toMatchObject({ code: 'invalid_definition', message: 'The definition has 2 faults.' });
  expect(thrown.faults.map(({ field }) => field)).toEqual(['endpointType', 'flows.0.steps.2.inputs.timeot']);
  expect(thrown.faults[1]?.messages[0]).toMatch(/^9:\d+ unknown_input Step "b": /);
});

test('names the profile of its instances where the definition does', () => {
  const text = behindHook(`- ${get('Get It')}`);
  expect(planOf(`${text}\ndefaultInstanceProfile: Large\n`).instanceProfile).toBe('Large');
  expect(planOf(`${text}\ndefaultInstanceProfile: ''\n`)).not.toHaveProperty('instanceProfile');
});
