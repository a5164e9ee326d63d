import { faultsOf, HOOK, marked, place, withSteps } from './texts';

const get = (name: string, reference: string) =>
  `{name: ${name}, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: reference, value: ${reference}}}}`;
const loop = (name: string) =>
  `name: ${name}\n  action: {key: loopOverItems, component: {key: loop, isPublic: true}}\n  inputs: {items: {type: reference, value: hook.results}}`;
const branch = `name: Choose
  action: {key: branchOnExpression, component: {key: branch, isPublic: true}}
  inputs: {conditions: {type: complex, value: [{name: A, type: complex, value: [isTrue, {type: reference, value: hook.results}]}]}}`;

const UNKNOWN = 'unknown_reference';
const LATE = 'late_reference';
const EMPTY = 'empty_reference';

test.each([
  ['to no step', UNKNOWN, `- ${get('A', '«nobody.results')}`],
  ['to the trigger by the word', UNKNOWN, `- ${get('A', '«trigger.results.body')}`],
  ['to itself', LATE, `- ${get('A', '«a.results')}`],
  ['to a later step', LATE, `- ${get('A', '«b.results')}\n- ${get('B', 'hook.results')}`],
  ['from a loop to its own results', LATE, `- ${loop('Each')}\n  steps:\n    - ${get('A', '«each.results')}`],
  [
    'from a loop to a later step of it',
    LATE,
    `- ${loop('Each')}\n  steps:\n    - ${get('A', '«b.results')}\n    - ${get('B', 'hook.results')}`,
  ],
  [
    'to a step of another branch',
    LATE,
    `- ${branch}\n  branches:\n    - {name: A, steps: [${get('One', 'hook.results')}]}\n    - {name: Else, steps: [${get('Two', '«one.results')}]}`,
  ],
  [
    'to the item of a loop that is over',
    EMPTY,
    `- ${loop('Each')}\n  steps:\n    - ${get('A', 'each.currentItem')}\n- ${get('B', '«each.currentItem.id')}`,
  ],
  [
    'to the item of a step that is no loop',
    EMPTY,
    `- ${get('A', 'hook.results')}\n- ${get('B', '«a.currentItem')}`,
  ],
  ['to a step alone', 'bare_reference', `- ${get('A', '«hook')}`],
  ['to a loop alone within it', 'bare_reference', `- ${loop('Each')}\n  steps:\n    - ${get('A', '«each')}`],
  ['to a later step alone', LATE, `- ${get('A', '«b')}\n- ${get('B', 'hook.results')}`],
  ['to a step, but not its results', EMPTY, `- ${get('A', '«hook.body')}`],
  [
    'within a template',
    UNKNOWN,
    `- ${get('A', '«"Hi {{$nobody.results}}"').replace('reference', 'template')}`,
  ],
  [
    'within a list',
    UNKNOWN,
    `- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: x}, tags: {type: complex, value: [{type: reference, value: «nobody.results}]}}}`,
  ],
  [
    'within a condition',
    UNKNOWN,
    `- ${branch.replace('hook.results', '«nobody.results')}\n  branches: [{name: A, steps: []}, {name: Else, steps: []}]`,
  ],
])('warns of a reference %s', (_what, code, steps) => {
  const { text, line, column } = marked(withSteps(`${HOOK}\n${steps}`));
  expect(faultsOf(text).map(place)).toEqual([{ code, severity: 'warning', line, column }]);
});

test.each([
  [
    'to the trigger and to earlier steps',
    `- ${get('A', 'hook.results.body')}\n- ${get('B', '"a.results[0].x"')}`,
  ],
  [
    'within a branch and behind it',
    `- ${branch}\n  branches:\n    - {name: A, steps: [${get('One', 'choose.results')}, ${get('Two', 'one.results')}]}\n    - {name: Else, steps: []}\n- ${get('After', 'two.results')}`,
  ],
  [
    'within a loop and behind it',
    `- ${loop('Each')}\n  steps:\n    - ${get('A', 'each.currentItem.id')}\n    - ${get('B', 'a.results')}\n- ${get('C', 'b.results')}\n- ${get('D', 'each.results')}`,
  ],
  [
    'from an inner loop to the outer one',
    `- ${loop('Outer')}\n  steps:\n    - name: Inner\n      action: {key: loopNTimes, component: {key: loop, isPublic: true}}\n      steps: [${get('A', 'outer.currentItem')}, ${get('B', 'inner.index')}]`,
  ],
  [
    'with spaces, hyphens and brackets',
    `- ${get('A', `'hook.results.headers.X-Id'`)}\n- ${get('B', `'hook.results.webhookUrls.Main'`)}\n- ${get('C', `'hook.results.[".tag"]'`)}`,
  ],
  [
    'that is empty',
    `- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: x}, connection: {type: reference, value: ""}}}`,
  ],
])('takes a reference %s', (_what, steps) => {
  expect(faultsOf(withSteps(`${HOOK}\n${steps}`))).toEqual([]);
});

test('reaches what belongs to a flow by its name, in brackets where that has a dot', () => {
  const named = (path: string) =>
    faultsOf(
      withSteps(`${HOOK}\n- ${get('A', `'hook.results.${path}'`)}`).replace(
        'name: Main',
        'name: Process v1.2 Changes',
      ),
    );
  expect(named('webhookUrls["Process v1.2 Changes"]')).toEqual([]);
  expect(named("webhookApiKeys.[''Process v1.2 Changes''].0")).toEqual([]);
  expect(named('webhookUrls.Process v1.2 Changes')).toMatchObject([
    {
      code: 'unknown_reference',
      severity: 'warning',
      message: 'There is no flow "Process v1"; the reference gives nothing.',
      hint: 'Write webhookUrls["Process v1.2 Changes"].',
    },
  ]);
  expect(named('webhookUrls.Nobody')).toMatchObject([{ code: 'unknown_reference', severity: 'warning' }]);
});

test('names the key of the trigger, and the nearest keys', () => {
  const [first, second] = faultsOf(
    withSteps(`${HOOK}\n- ${get('A', 'trigger.results')}\n- ${get('B', 'hok.results')}`),
  );
  expect(first?.hint).toBe('The key of the trigger is "hook".');
  expect(second?.hint).toBe('Did you mean "hook"?');
});
