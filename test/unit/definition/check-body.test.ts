import { behindHook, faultsOf, marked, place } from './texts';

const GET =
  'action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: x}}';
const TRUE = '[isTrue, {type: value, value: x}]';
const onExpression = (names: string, branches: string) =>
  `- {name: Choose, action: {key: branchOnExpression, component: {key: branch, isPublic: true}}, inputs: {conditions: {type: complex, value: [${names}]}}, ${branches}}`;
const onValue = (mappings: string, branches: string) =>
  `- {name: Choose, action: {key: branchOnValue, component: {key: branch, isPublic: true}}, inputs: {mappings: ${mappings}}, ${branches}}`;
const condition = (name: string) => `{name: ${name}, type: complex, value: ${TRUE}}`;

test.each([
  [
    'steps in a step that is no loop',
    'error',
    'steps_not_allowed',
    `- {name: A, ${GET}, «steps: [{name: B, ${GET}}]}`,
  ],
  [
    'branches in a step that does not say that it branches',
    'warning',
    'branches_not_allowed',
    `- {name: A, ${GET}, «branches: [{name: X, steps: []}]}`,
  ],
  [
    'a branching step without branches',
    'warning',
    'missing_branches',
    onExpression('', 'branches: []').replace('{name: Choose', '«{name: Choose'),
  ],
  [
    'a condition that is none',
    'error',
    'wrong_input_type',
    onExpression('{name: A, type: value, value: «x}', 'branches: [{name: A}]'),
  ],
  [
    'a condition that is empty',
    'warning',
    'empty_condition',
    onExpression('{name: A, type: complex, value: «[]}', 'branches: [{name: A}, {name: Else}]'),
  ],
  [
    'a loop without steps',
    'warning',
    'empty_loop',
    '- «{name: Each, action: {key: loopNTimes, component: {key: loop, isPublic: true}}}',
  ],
  [
    'a break outside a loop',
    'warning',
    'break_outside_loop',
    '- «{name: Out, action: {key: breakLoop, component: {key: loop, isPublic: true}}}',
  ],
  [
    'a condition without its branch',
    'warning',
    'missing_branch',
    onExpression(`${condition('A')}, ${condition('«B')}`, 'branches: [{name: A}, {name: Else}]'),
  ],
  [
    'a branch without its condition',
    'warning',
    'unreachable_branch',
    onExpression(condition('A'), 'branches: [{name: A}, {name: «B}, {name: Else}]'),
  ],
  [
    'a value without its branch',
    'warning',
    'missing_branch',
    onValue('{type: complex, value: [{name: «A, type: value, value: a}]}', 'branches: [{name: Else}]'),
  ],
])('reports %s', (_what, severity, code, steps) => {
  const { text, line, column } = marked(behindHook(steps));
  expect(faultsOf(text).map(place)).toEqual([{ code, severity, line, column }]);
});

test.each([
  [
    'conditions and an Else',
    onExpression(`${condition('A')}, ${condition('B')}`, 'branches: [{name: A}, {name: B}, {name: Else}]'),
  ],
  ['no condition at all', onExpression('', 'branches: [{name: Else}]')],
  [
    'names known at run time only',
    onValue(
      '{type: complex, value: [{name: {type: reference, value: hook.results}, type: value, value: a}]}',
      'branches: [{name: X}]',
    ),
  ],
  ['an empty body', onExpression('', 'branches: [{name: Else}], steps: []')],
  ['none, as empty lists', `- {name: A, ${GET}, branches: [], steps: []}`],
  [
    'none in a loop, as an empty list',
    `- {name: Each, action: {key: loopNTimes, component: {key: loop, isPublic: true}}, branches: [], steps: [{name: A, ${GET}}]}`,
  ],
  ['values from elsewhere', onValue('{type: reference, value: hook.results}', 'branches: [{name: X}]')],
  [
    'a break in a branch in a loop',
    `- name: Each\n  action: {key: loopNTimes, component: {key: loop, isPublic: true}}\n  steps:\n    ${onExpression(condition('A'), 'branches: [{name: A, steps: [{name: Out, action: {key: breakLoop, component: {key: loop, isPublic: true}}}]}, {name: Else}]')}`,
  ],
])('takes branches with %s', (_what, steps) => {
  expect(faultsOf(behindHook(steps))).toEqual([]);
});
