import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { compilePlan, exportDefinition, parseDefinition, stepKey } from '../../../src/definition';
import type { PlanStep } from '../../../src/engine/plan';
import { lookup } from './components';
import { behindHook } from './texts';

const GET =
  'action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: x}}';

function* all(steps: readonly PlanStep[]): Generator<PlanStep> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* all(branch.steps);
    yield* all(step.loop?.steps ?? []);
  }
}

function compiled(text: string): PlanStep[] {
  const { definition } = parseDefinition(text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  const flow = compilePlan(definition, lookup).flows[0];
  if (flow === undefined) throw new Error('There is no flow.');
  return [...all([flow.trigger, ...flow.steps])];
}

const keysOf = (...names: string[]): string[] =>
  compiled(behindHook(names.map((name) => `- {name: ${JSON.stringify(name)}, ${GET}}`).join('\n')))
    .map(({ key }) => key)
    .slice(1);

test('steps whose names give no key get one that no other name gives', () => {
  expect(keysOf('処理', '🔁', 'Step', '', 'Step 2')).toEqual(['step3', 'step4', 'step', 'step5', 'step2']);
  expect(keysOf('処理', '🔁')).toEqual(['step', 'step2']);
});

test('a key belongs to the first step whose name gives it; later ones get a number', () => {
  expect(keysOf('Foo Bar', 'foo-bar', 'Foo Bar!', 'Foo Bar 2')).toEqual([
    'fooBar',
    'fooBar3',
    'fooBar4',
    'fooBar2',
  ]);
});

test('a reference means the first step of a key, wherever the others stand', () => {
  const steps = compiled(
    behindHook(`
- {name: Get, ${GET}}
- name: Choose
  action: {key: branchOnValue, component: {key: branch, isPublic: true}}
  inputs: {mappings: {type: complex, value: [{name: A, type: value, value: a}]}}
  branches:
    - {name: A, steps: [{name: GET, ${GET}}]}
    - {name: Else, steps: [{name: get, ${GET.replace('type: value, value: x', 'type: reference, value: get.results.id')}}]}
`),
  );
  expect(steps.map(({ key }) => key)).toEqual(['hook', 'get', 'choose', 'get2', 'get3']);
  expect(steps[4]).toMatchObject({ reads: ['get'], inputs: { url: { path: ['get', 'results', 'id'] } } });
});

test('of two branches of one name only the first is in the plan', () => {
  const steps = compiled(
    behindHook(
      `- {name: A, ${GET}, branches: [{name: X, steps: [{name: B, ${GET}}]}, {name: X, steps: [{name: C, ${GET}}]}]}`,
    ),
  );
  expect(steps.map(({ name, path }) => [name, path])).toEqual([
    ['Hook', '0'],
    ['A', '1'],
    ['B', '1.X.0'],
  ]);
});

test('keys are unique in any flow, and the same after an export', () => {
  const name = fc.oneof(
    fc.constantFrom('Get', 'get', 'GET 2', 'Get 3', '処理', '', ' ', 'step', 'Step 2', 'Hook'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), (names) => {
      const use = (key: string, action: string) => ({ key: action, component: { key, isPublic: true } });
      const hook = { name: 'Hook', isTrigger: true, action: use('hooks', 'webhook') };
      const steps = names.map((one) => ({ name: one, action: use('http', 'get') }));
      const text = stringify({
        definitionVersion: 7,
        name: 'T',
        flows: [{ name: 'M', steps: [hook, ...steps] }],
      });
      const plan = compiled(text);
      const keys = plan.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.every((key) => /^[0-9a-z][0-9A-Za-z]*$/.test(key))).toBe(true);
      const owners = plan.filter(
        ({ name: one }, at) => plan.findIndex((other) => stepKey(other.name) === stepKey(one)) === at,
      );
      const named = owners.filter((step) => stepKey(step.name) !== '');
      expect(named.map(({ key }) => key)).toEqual(named.map((step) => stepKey(step.name)));
      const exported = exportDefinition(text);
      expect(exportDefinition(exported)).toBe(exported);
      expect(compiled(exported).map(({ key }) => key)).toEqual(keys);
    }),
    { numRuns: 60 },
  );
});
