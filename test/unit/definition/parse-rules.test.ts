import { parseDefinition } from '../../../src/definition';
import { behindHook, HOOK, marked, place, withSteps } from './texts';

const GET = 'action: {key: get, component: {key: http, isPublic: true}}';
const HOOKED = 'isTrigger: true, action: {key: webhook, component: {key: hooks, isPublic: true}}';
const flow = (more: string) => withSteps(HOOK).replace('name: Main\n', `name: Main\n    ${more}\n`);
const scheduled = (schedule: string) => withSteps(`- {name: H, ${HOOKED}, schedule: ${schedule}}`);
const variable = (text: string) => withSteps(HOOK, `requiredConfigVars:\n${text}\n`);

test.each([
  ['an empty integration name', 'empty_name', withSteps(HOOK).replace('name: Test', 'name: «""')],
  ['an empty flow name', 'empty_name', withSteps(HOOK).replace('name: Main', 'name: «" "')],
  [
    'two flows of one name',
    'duplicate_flow',
    `${withSteps(HOOK)}  - name: «Main\n    steps: [{name: H, ${HOOKED}}]\n`,
  ],
  [
    'two stable keys of flows',
    'duplicate_stable_key',
    `${withSteps(HOOK)}  - name: Other\n    stableKey: «Main\n    steps: [{name: H, ${HOOKED}}]\n`,
  ],
  [
    'branches beside steps',
    'branches_and_steps',
    behindHook(`- {name: A, ${GET}, branches: [{name: X}], «steps: [{name: B, ${GET}}]}`),
  ],
  [
    'two config variables of one key',
    'duplicate_config_var',
    variable('  - {key: A, dataType: string}\n  - {key: «A, dataType: number}'),
  ],
  ['a config variable without a key', 'empty_name', variable('  - {key: «"", dataType: string}')],
  ['no flows', 'no_flows', 'definitionVersion: 7\nname: x\n«flows: []\n'],
  [
    'a flow without steps',
    'no_steps',
    'definitionVersion: 7\nname: x\nflows:\n  - name: A\n    «steps: []\n',
  ],
  ['a flow that begins with an action', 'first_step_not_trigger', withSteps(`- «{name: A, ${GET}}`)],
  ['a second trigger', 'several_triggers', behindHook(`- {name: A, «${HOOKED}}`)],
  [
    'a trigger in a branch',
    'several_triggers',
    behindHook(`- {name: A, ${GET}, branches: [{name: X, steps: [{name: B, «${HOOKED}}]}]}`),
  ],
  [
    'a schedule on an action',
    'misplaced_schedule',
    behindHook(`- {name: A, ${GET}, «schedule: {type: value, value: x}}`),
  ],
  ['a bad cron text', 'bad_cron', scheduled('{type: value, value: «every day}')],
  ['a cron text of six fields', 'bad_cron', scheduled('{type: value, value: «0 * * * * *}')],
  ['an hour out of range', 'bad_cron', scheduled('{type: value, value: «"0 25 * * *"}')],
  [
    'a bad cron text as a default',
    'bad_cron',
    variable('  - {key: A, dataType: schedule, defaultValue: «often}'),
  ],
  [
    'a bad time zone',
    'bad_time_zone',
    scheduled('{type: value, value: "0 0 * * *", meta: {timeZone: «Berlin}}'),
  ],
  [
    'a bad time zone of a config variable',
    'bad_time_zone',
    variable('  - {key: A, dataType: schedule, timeZone: «Berlin}'),
  ],
  [
    'a synchronous flow with a schedule',
    'synchronous_conflict',
    scheduled('{type: value, value: "0 0 * * *"}')
      .replace(/name: Main\n/, 'name: Main\n    isSynchronous: true\n')
      .replace('schedule:', '«schedule:'),
  ],
  [
    'a synchronous flow with a strict queue',
    'synchronous_conflict',
    flow('isSynchronous: true\n    «queueConfig: {usesFifoQueue: true}'),
  ],
  [
    'a scheduled flow with a strict queue',
    'queue_conflict',
    scheduled('{type: value, value: "0 0 * * *"}').replace(
      /name: Main\n/,
      'name: Main\n    «queueConfig: {type: sequential}\n',
    ),
  ],
  [
    'a strict queue that skips',
    'queue_conflict',
    flow('«queueConfig: {usesFifoQueue: true, singletonExecutions: true}'),
  ],
  ['a limit of one', 'out_of_range', flow('queueConfig: {concurrencyLimit: «1}')],
  ['eleven attempts', 'out_of_range', flow('retryConfig: {maxAttempts: «11}')],
  ['an hour and a minute of delay', 'out_of_range', flow('retryConfig: {delayMinutes: «61}')],
])('refuses %s, and nothing else', (_what, code, source) => {
  const { text, line, column } = marked(source);
  expect(parseDefinition(text).faults.map(place)).toEqual([{ code, severity: 'error', line, column }]);
});

test.each([
  [
    'two steps of one key',
    'duplicate_step_key',
    behindHook(`- {name: Get it, ${GET}}\n- {name: «get-IT!, ${GET}}`),
  ],
  [
    'two steps of one key in different branches',
    'duplicate_step_key',
    behindHook(`
- name: Branch
  ${GET}
  branches:
    - {name: A, steps: [{name: Get, ${GET}}]}
    - {name: B, steps: [{name: «Get, ${GET}}]}
`),
  ],
  [
    'a step with the key of its loop',
    'duplicate_step_key',
    behindHook(`- {name: Get, ${GET}, steps: [{name: «Get, ${GET}}]}`),
  ],
  ['a step name without a letter', 'empty_step_key', behindHook(`- {name: «処理, ${GET}}`)],
  ['an empty step name', 'empty_step_key', behindHook(`- {name: «"", ${GET}}`)],
  ['a step name without a value', 'empty_step_key', behindHook(`- {name: «, ${GET}}`)],
  ['a step without a name', 'empty_step_key', behindHook(`- «{${GET}}`)],
  [
    'two branches of one name',
    'duplicate_branch',
    behindHook(`- {name: A, ${GET}, branches: [{name: X, steps: []}, {name: «X, steps: []}]}`),
  ],
  [
    'a branch without a name',
    'empty_name',
    behindHook(`- {name: A, ${GET}, branches: [{name: «"", steps: []}]}`),
  ],
  [
    'an empty cron text that should recur',
    'empty_schedule',
    scheduled('{type: value, value: «"", meta: {scheduleType: day}}'),
  ],
])('takes %s with a warning', (_what, code, source) => {
  const { text, line, column } = marked(source);
  expect(parseDefinition(text).faults.map(place)).toEqual([{ code, severity: 'warning', line, column }]);
});

test('takes names of up to 1 000 characters, and refuses longer ones', () => {
  const named = (length: number) =>
    parseDefinition(behindHook(`- {name: ${'n'.repeat(length)}, ${GET}}`)).faults;
  expect(named(1_000)).toEqual([]);
  expect(named(1_001)).toMatchObject([{ code: 'long_name', severity: 'error' }]);
});

test.each([
  ['in quotes', 'retryConfig: {maxAttempts: "3"}', 'retryConfig', { maxAttempts: 3 }],
  ['of a switch in quotes', 'isSynchronous: «"True"', 'isSynchronous', true],
  ['of text as a number', 'description: 2024', 'description', '2024'],
  ['of keys as numbers', 'organizationApiKeys: [1, two]', 'organizationApiKeys', ['1', 'two']],
  [
    'of a word in capitals',
    'endpointSecurityType: CUSTOMER_REQUIRED',
    'endpointSecurityType',
    'customer_required',
  ],
])('reads a value %s as what it can only mean, with a warning', (_what, config, key, value) => {
  const { definition, faults } = parseDefinition(flow(config.replace('«', '')));
  expect(faults).toMatchObject([
    { severity: 'warning', code: expect.stringMatching(/^(odd|unquoted)_value$/) },
  ]);
  expect(definition?.flows[0]).toMatchObject({ [key]: value });
});

test('checks the range of a number in quotes', () => {
  expect(parseDefinition(flow('retryConfig: {maxAttempts: "99"}')).faults).toMatchObject([
    { code: 'odd_value', severity: 'warning' },
    { code: 'out_of_range', severity: 'error' },
  ]);
});

test.each([
  'endpointSecurityType: ""',
  'queueConfig: {concurrencyLimit: "", dedupeIdField: ""}',
  'retryConfig: ""',
  'organizationApiKeys: {}',
  'schemas: []',
  'isSynchronous: ""',
])('takes %s as not given', (config) => {
  expect(parseDefinition(flow(config)).faults).toEqual([]);
});

test.each([
  [
    'a retry that is not asked for',
    behindHook(`- {name: A, ${GET}, errorConfig: {maxAttempts: «10, delaySeconds: 10}}`),
  ],
  ['batches that are off', flow('triggerResolver: {enabled: false, batchSize: «0}')],
])('warns only of a number out of range in %s', (_what, source) => {
  const { text, line, column } = marked(source);
  expect(parseDefinition(text).faults.map(place)).toEqual([
    { code: 'odd_value', severity: 'warning', line, column },
  ]);
});

test.each([
  ['schedule', scheduled('{type: value, value: "0 0 1 * *", meta: {scheduleType: «month}}')],
  ['language', variable('  - {key: A, dataType: code, codeLanguage: «lua}')],
  ['page element', withSteps(HOOK, 'configPages:\n  - {name: P, elements: [{type: «button, value: x}]}\n')],
])('takes an unknown kind of %s, which says nothing to a run, with a warning', (_what, source) => {
  const { text, line, column } = marked(source);
  expect(parseDefinition(text).faults.map(place)).toEqual([
    { code: 'unknown_value', severity: 'warning', line, column },
  ]);
});

test.each([
  ['no schedule at all', '{type: value, value: "", meta: {scheduleType: none}}'],
  ['one that happens once', '{type: value, value: "", meta: {scheduleType: once, timeZone: ""}}'],
  ['leading zeros', '{type: value, value: "00 00 * * 0", meta: {scheduleType: week}}'],
  ['a time zone', '{type: value, value: "0 9 * * 1-5", meta: {timeZone: America/New_York}}'],
  ['a literal template', '{type: template, value: "0 9 * * *"}'],
  ['a config variable', '{type: configVar, value: When}'],
])('reads a schedule with %s', (_what, schedule) => {
  expect(parseDefinition(scheduled(schedule)).faults).toEqual([]);
});

test('names the line of the first of two equal names', () => {
  const { faults } = parseDefinition(behindHook(`- {name: Get, ${GET}}\n- {name: get, ${GET}}`));
  expect(faults[0]).toMatchObject({ code: 'duplicate_step_key', line: 8, step: 'get' });
  expect(faults[0]?.hint).toContain('The first is on line 7.');
});

test('equal step names in two flows are no fault', () => {
  const other = `  - name: Other\n    steps: [{name: Hook, ${HOOKED}}]\n`;
  expect(parseDefinition(withSteps(HOOK) + other).faults).toEqual([]);
});

test('takes the synchronous switch of older files from the top level', () => {
  const text = withSteps(HOOK, 'isSynchronous: true\n').replace(
    'name: Main\n',
    'name: Main\n    retryConfig: {maxAttempts: 2}\n',
  );
  expect(parseDefinition(text).faults).toMatchObject([{ code: 'synchronous_conflict', severity: 'warning' }]);
});

test.each(['retryConfig: {maxAttempts: 1}', 'triggerResolver: {enabled: true}'])(
  'warns of a flow that answers its callers with %s',
  (config) => {
    const { text, line, column } = marked(flow(`isSynchronous: true\n    «${config}`));
    const { definition, faults } = parseDefinition(text);
    expect(faults.map(place)).toEqual([{ code: 'synchronous_conflict', severity: 'warning', line, column }]);
    expect(definition).toBeDefined();
  },
);

test('warns of an endpoint that nobody can call', () => {
  const { text, line, column } = marked(flow('endpointSecurityType: «organization'));
  expect(parseDefinition(text).faults.map(place)).toEqual([
    { code: 'no_api_keys', severity: 'warning', line, column },
  ]);
});
