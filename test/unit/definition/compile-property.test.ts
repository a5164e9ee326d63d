import * as fc from 'fast-check';
import { stringify } from 'yaml';
import {
  checkDefinition,
  compilePlan,
  exportDefinition,
  hasErrors,
  parseDefinition,
  stepKey,
} from '../../../src/definition';
import type { PlanStep } from '../../../src/engine/plan';
import { lookup } from './components';

interface Shape {
  kind: 'get' | 'code' | 'branch' | 'loop';
  words: string;
  names: string[];
  children: Shape[];
}

const words = fc.stringMatching(/^[A-Za-z0-9 .'%-]{0,8}$/);
const branchNames = fc.uniqueArray(
  fc.string({ minLength: 1, maxLength: 4 }).filter((name) => name.trim() !== ''),
  { minLength: 1, maxLength: 3 },
);
const shapes = (depth: number): fc.Arbitrary<Shape[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom('get', 'code', 'branch', 'loop'),
      words,
      names: branchNames,
      children: depth === 0 ? fc.constant([]) : shapes(depth - 1),
    }),
    { maxLength: 3 },
  );

const use = (key: string, action: string, isPublic = true) => ({
  key: action,
  component: { key, isPublic, version: 'LATEST' },
});

/** The steps of a shape as a definition writes them; every name gives a key of its own. */
function written(tree: readonly Shape[], count = { steps: 0 }): unknown[] {
  return tree.map(({ kind, words: text, names, children }) => {
    count.steps += 1;
    const name = `S${count.steps}x ${text}`;
    const before = `s${count.steps - 1}`;
    if (kind === 'code')
      return { name, action: use('code', 'runCode'), inputs: { code: { type: 'value', value: text } } };
    if (kind === 'loop') {
      const items = { type: 'reference', value: `hook.results.body.${before}` };
      return {
        name,
        action: use('loop', 'loopOverItems'),
        inputs: { items },
        steps: written(children, count),
      };
    }
    if (kind === 'branch') {
      const mappings = {
        type: 'complex',
        value: names.map((one) => ({ name: one, type: 'value', value: 'x' })),
      };
      const branches = [...new Set([...names, 'Else'])].map((one, index) => ({
        name: one,
        steps: index === 0 ? written(children, count) : [],
      }));
      return { name, action: use('branch', 'branchOnValue'), inputs: { mappings }, branches };
    }
    return {
      name,
      action: use('http', 'get'),
      inputs: { url: { type: 'template', value: `{{$hook.results.${before}}}/${text}` } },
    };
  });
}

function* all(steps: readonly PlanStep[]): Generator<PlanStep> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* all(branch.steps);
    yield* all(step.loop?.steps ?? []);
  }
}

const count = (value: unknown): number => JSON.stringify(value).split('"action":{"key"').length - 1;

test('every step of any tree is compiled once, with a key, a path and a pin of its own', () => {
  fc.assert(
    fc.property(shapes(2), (tree) => {
      const steps = written(tree);
      const hook = { name: 'Hook', isTrigger: true, action: use('hooks', 'webhook') };
      const text = stringify({
        definitionVersion: 7,
        name: 'T',
        flows: [{ name: 'M', steps: [hook, ...steps] }],
      });
      const { definition, faults } = parseDefinition(text);
      if (definition === undefined) throw new Error('The definition cannot be read.');
      expect(
        [...faults, ...checkDefinition(definition, lookup)].filter((fault) => hasErrors([fault])),
      ).toEqual([]);
      const plan = compilePlan(definition, lookup);
      const flow = plan.flows[0];
      if (flow === undefined) throw new Error('The plan has no flow.');
      const compiled = [...all([flow.trigger, ...flow.steps])];
      const keys = compiled.map(({ key }) => key);
      expect(compiled).toHaveLength(count(steps) + 1);
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(compiled.map(({ path }) => path)).size).toBe(keys.length);
      const pins = new Set(plan.components.map((one) => JSON.stringify(one)));
      for (const { key, name, component, reads } of compiled) {
        expect(key).toBe(stepKey(name));
        expect(pins.has(JSON.stringify(component))).toBe(true);
        expect(reads === 'all' || reads.every((read) => keys.includes(read))).toBe(true);
      }
      // What comes out of an export is the same integration.
      const again = parseDefinition(exportDefinition(text)).definition;
      if (again === undefined) throw new Error('The export cannot be read.');
      expect(compilePlan(again, lookup)).toEqual(plan);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    }),
    { numRuns: 60 },
  );
}, 60_000);
