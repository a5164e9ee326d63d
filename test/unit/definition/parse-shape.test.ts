import { compilePlan, describeFault, parseDefinition } from '../../../src/definition';
import { lookup } from './components';
import { behindHook, HOOK, marked, place, withSteps } from './texts';

const GET = 'action: {key: get, component: {key: http, isPublic: true}}';

test.each([
  [
    'no name',
    'missing_key',
    '«definitionVersion: 7\nflows:\n  - {name: A, steps: [{name: H, isTrigger: true, ' + GET + '}]}\n',
  ],
  ['no version', 'missing_key', withSteps(HOOK).replace('definitionVersion: 7\n', '«')],
  ['a version that is text', 'wrong_type', withSteps(HOOK).replace('7', '«seven')],
  ['no flows', 'missing_key', '«definitionVersion: 7\nname: x\n'],
  ['flows that are a mapping', 'wrong_type', 'definitionVersion: 7\nname: x\nflows: «{a: 1}\n'],
  ['a flow without steps', 'missing_key', 'definitionVersion: 7\nname: x\nflows:\n  - «name: A\n'],
  ['a flow that is text', 'wrong_type', 'definitionVersion: 7\nname: x\nflows:\n  - «A\n'],
  ['a step without an action', 'missing_key', behindHook('- «name: A')],
  ['a step without a component', 'missing_key', behindHook('- {name: A, action: «{key: get}}')],
  [
    'a component without isPublic',
    'missing_key',
    behindHook('- {name: A, action: {key: get, component: «{key: http}}}'),
  ],
  ['a list as a name', 'wrong_type', behindHook(`- {name: «[a], ${GET}}`)],
  [
    'text for a switch',
    'wrong_type',
    withSteps(HOOK).replace('name: Main', 'name: Main\n    isSynchronous: «"yes"'),
  ],
  [
    'an odd version',
    'wrong_type',
    behindHook('- {name: A, action: {key: get, component: {key: http, isPublic: true, version: «newest}}}'),
  ],
  ['inputs that are a list', 'wrong_type', behindHook(`- {name: A, ${GET}, inputs: «[{type: value}]}`)],
  ['an input that is text', 'wrong_type', behindHook(`- {name: A, ${GET}, inputs: {url: «x}}`)],
  ['an input without a type', 'missing_key', behindHook(`- {name: A, ${GET}, inputs: {url: «{value: x}}}`)],
  [
    'an unknown type of input',
    'unknown_value',
    behindHook(`- {name: A, ${GET}, inputs: {url: {type: «refrence, value: x}}}`),
  ],
  [
    'a reference whose value is a list',
    'wrong_type',
    behindHook(`- {name: A, ${GET}, inputs: {url: {type: reference, value: «[a]}}}`),
  ],
  [
    'a complex input whose value is text',
    'wrong_type',
    behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: «a}}}`),
  ],
  [
    'an element of a list that is text',
    'wrong_type',
    behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: [{type: value, value: a}, «b]}}}`),
  ],
  [
    'an element of an unknown type',
    'unknown_value',
    behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: [{type: «valu, value: a}]}}}`),
  ],
  [
    'an element without a type',
    'missing_key',
    behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: [«{value: a}]}}}`),
  ],
  [
    'an unknown operator',
    'unknown_operator',
    behindHook(
      `- {name: A, ${GET}, inputs: {tags: {type: complex, value: [«equals, {type: value}, {type: value}]}}}`,
    ),
  ],
  [
    'an operator without its second term',
    'missing_term',
    behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: «[equal, {type: value}]}}}`),
  ],
  [
    'a conjunction of inputs',
    'wrong_type',
    behindHook(
      `- {name: A, ${GET}, inputs: {tags: {type: complex, value: [and, {type: value, value: «x}]}}}`,
    ),
  ],
  [
    'an unknown security',
    'unknown_value',
    withSteps(HOOK).replace('name: Main', 'name: Main\n    endpointSecurityType: «open'),
  ],
  ['an unknown endpoint', 'unknown_value', withSteps(HOOK, 'endpointType: «flow\n')],
  [
    'an unknown error handler',
    'unknown_value',
    behindHook(`- {name: A, ${GET}, errorConfig: {errorHandlerType: «skip}}`),
  ],
  [
    'too many tries',
    'out_of_range',
    behindHook(`- {name: A, ${GET}, errorConfig: {errorHandlerType: retry, maxAttempts: «6}}`),
  ],
  [
    'too long a wait',
    'out_of_range',
    behindHook(`- {name: A, ${GET}, errorConfig: {errorHandlerType: retry, delaySeconds: «61}}`),
  ],
  [
    'a broken number of tries',
    'wrong_type',
    behindHook(`- {name: A, ${GET}, errorConfig: {maxAttempts: «1.5}}`),
  ],
  [
    'an unknown kind of schedule',
    'unknown_value',
    withSteps('- {name: H, isTrigger: true, ' + GET + ', schedule: {type: «cron, value: ""}}'),
  ],
  ['a config variable without a type', 'missing_key', withSteps(HOOK, 'requiredConfigVars:\n  - «key: A\n')],
  [
    'an unknown data type',
    'unknown_value',
    withSteps(HOOK, 'requiredConfigVars:\n  - {key: A, dataType: «text}\n'),
  ],
  [
    'a connection without its kind',
    'missing_key',
    withSteps(HOOK, 'requiredConfigVars:\n  - «{key: A, dataType: connection}\n'),
  ],
])('refuses %s, and nothing else', (_what, code, source) => {
  const { text, line, column } = marked(source);
  expect(parseDefinition(text).faults.map(place)).toEqual([{ code, severity: 'error', line, column }]);
});

test.each([
  ['the text "stringg"', 'dataType: stringg', 'Did you mean "string"?'],
  ['the number 7', 'dataType: 7', 'Known: "string", "picklist", "number"'],
])('names the values that can stand for %s', (_what, given, hint) => {
  const { faults } = parseDefinition(withSteps(HOOK, `requiredConfigVars:\n  - {key: A, ${given}}\n`));
  expect(faults[0]?.hint).toContain(hint);
});

test('reads data types in any case', () => {
  const { definition, faults } = parseDefinition(
    withSteps(HOOK, 'requiredConfigVars:\n  - {key: A, dataType: JSONFORM}\n'),
  );
  expect(faults).toEqual([]);
  expect(definition?.requiredConfigVars[0]?.dataType).toBe('jsonForm');
});

test.each(['isVisibleToCustomerDeployer', 'visibleToCustomerDeployer'])('reads the spelling %s', (key) => {
  const variable = (value: string) =>
    `requiredConfigVars:\n  - {key: A, dataType: string, meta: {${key}: ${value}}}\n`;
  expect(parseDefinition(withSteps(HOOK, variable('true'))).faults).toEqual([]);
  expect(parseDefinition(withSteps(HOOK, variable('"yes"'))).faults).toMatchObject([{ code: 'wrong_type' }]);
});

test('warns of values that lack their quotes, and reads them as text', () => {
  const { text, line, column } = marked(
    behindHook(`- {name: A, ${GET}, inputs: {timeout: {type: value, value: «5}}}`),
  );
  expect(parseDefinition(text).faults).toMatchObject([
    {
      code: 'unquoted_value',
      severity: 'warning',
      line,
      column,
      hint: 'Write it in quotes: "5".',
      step: 'A',
    },
  ]);
});

test.each([
  [
    'a version of zero',
    'It must be more than 0.',
    behindHook('- {name: A, action: {key: get, component: {key: http, isPublic: true, version: 0}}}'),
  ],
  [
    'too many tries',
    'It must be at most 5.',
    behindHook(`- {name: A, ${GET}, errorConfig: {errorHandlerType: retry, maxAttempts: 6}}`),
  ],
])('says the limit to keep for %s', (_what, hint, text) => {
  const { definition, faults } = parseDefinition(text);
  expect(faults).toMatchObject([{ code: 'out_of_range', hint }]);
  expect(definition).toBeDefined();
});

test.each(['[a, 1]', '{a: {b: true}}'])('warns of the value %s, which is no text', (value) => {
  const { text, line, column } = marked(
    behindHook(`- {name: A, ${GET}, inputs: {timeout: {type: value, value: «${value}}}}`),
  );
  expect(parseDefinition(text).faults.map(place)).toEqual([
    { code: 'unquoted_value', severity: 'warning', line, column },
  ]);
});

test('reads a list as the default of a config variable as JSON text, with a warning', () => {
  const { text, line, column } = marked(
    withSteps(
      HOOK,
      'requiredConfigVars:\n  - {key: A, dataType: string, collectionType: valuelist, defaultValue: «[a, 1]}\n',
    ),
  );
  const { definition, faults } = parseDefinition(text);
  expect(faults.map(place)).toEqual([{ code: 'unquoted_value', severity: 'warning', line, column }]);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(compilePlan(definition, lookup).configVars[0]).toMatchObject({ defaultValue: '["a",1]' });
});

test('reads a schedule without a type as cron text, and a page without a name', () => {
  const text = withSteps(
    `- {name: H, isTrigger: true, ${GET}, schedule: {value: "*/5 * * * *"}}`,
    'configPages: [{elements: []}]\n',
  );
  const { definition, faults } = parseDefinition(text);
  expect(faults).toEqual([]);
  expect(definition?.flows[0]?.steps[0]?.schedule?.type).toBe('value');
});

test('reads an empty text as an empty complex input', () => {
  const text = behindHook(`- {name: A, ${GET}, inputs: {tags: {type: complex, value: ""}}}`);
  expect(parseDefinition(text).faults).toEqual([]);
});

test('warns of keys that look like a known one, and of no others', () => {
  const { text, line, column } = marked(
    behindHook(`- {name: A, ${GET}, «input: {url: {type: value}}, colour: red}`),
  );
  expect(parseDefinition(text).faults).toMatchObject([
    { code: 'unknown_key', severity: 'warning', line, column, hint: 'Did you mean "inputs"?' },
  ]);
});

test.each([
  ['a legacy file', 'name: x\ntrigger: {}\nsteps: []\nrequiredConfigVars: {}\n', 'legacy_definition', 1],
  [
    'a workflow',
    'name: x\ndefinitionVersion: 1\ndefinitionType: workflow\nflow: {}\n',
    'unsupported_version',
    2,
  ],
  ['version 4', 'name: x\ndefinitionVersion: 4\nflows: 1\n', 'unsupported_version', 2],
  ['version 8', 'name: x\ndefinitionVersion: 8\nflows: 1\n', 'unsupported_version', 2],
])('refuses %s with one clear fault', (_what, text, code, line) => {
  const { definition, faults } = parseDefinition(text);
  expect(definition).toBeUndefined();
  expect(faults).toMatchObject([{ code, severity: 'error', line }]);
});

test('reads version 6 as version 7, and a version in quotes with a warning', () => {
  expect(parseDefinition(withSteps(HOOK).replace('7', '6')).faults).toEqual([]);
  const { definition, faults } = parseDefinition(withSteps(HOOK).replace('7', '"6"'));
  expect(faults).toMatchObject([{ code: 'odd_value', severity: 'warning' }]);
  expect(definition?.definitionVersion).toBe(6);
});

test('describes a fault on one line, with the step that it concerns', () => {
  const { faults } = parseDefinition(
    behindHook('- {name: Fetch Order, action: {key: get, component: {key: http}}}'),
  );
  expect(faults.map(describeFault)).toEqual([
    '7:59 missing_key Step "Fetch Order": The key "isPublic" is missing. — Add "isPublic": true or false.',
  ]);
  expect(faults[0]).toMatchObject({ path: 'flows.0.steps.1.action.component.isPublic', step: 'Fetch Order' });
});

test('reports faults of all kinds at once, in the order of the text', () => {
  const { definition, faults } = parseDefinition(`definitionVersion: 7
name: Test
labels: none
flows:
  - name: Main
    endpointSecurityType: open
    steps:
      - {name: A, action: {key: webhook, component: {key: hooks, isPublic: true}}}
      - name: B
      - {name: b, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: {}}}}
  - name: Main
    steps: []
requiredConfigVars:
  - {key: Zone, dataType: schedule, timeZone: Mars/Olympus}
`);
  expect(definition).toBeDefined();
  expect(faults.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
    '3:9 wrong_type',
    '6:27 unknown_value',
    '8:9 first_step_not_trigger',
    '9:9 missing_key',
    '10:16 duplicate_step_key',
    '10:114 unquoted_value',
    '11:11 duplicate_flow',
    '12:5 no_steps',
    '14:47 bad_time_zone',
  ]);
});
