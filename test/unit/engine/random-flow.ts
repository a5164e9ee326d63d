import fc from 'fast-check';
import type { PlanFlow, PlanInput, PlanStep } from '../../../src/engine/plan';
import { type Act, done, failed, took } from './memory-host';
import {
  action,
  branching,
  flowOf,
  IGNORE,
  loopOver,
  loopTimes,
  reference,
  referencePart,
  retry,
  sleepStep,
  template,
  text,
  value,
} from './plan-builder';

/** What a random flow is made of, before its steps have keys. */
export type Shape =
  | { is: 'action'; fails: number; policy: 'fail' | 'ignore' | 'short' | 'long' | 'final' }
  | { is: 'branch'; yes: Shape[]; no: Shape[] }
  | { is: 'items'; count: number; body: Shape[] }
  | { is: 'times'; count: number; body: Shape[] }
  | { is: 'sleep' | 'leave' | 'stop' };

const policies = {
  fail: action('').onError,
  ignore: IGNORE,
  short: retry(2, { delaySeconds: 1 }),
  long: retry(3, { delaySeconds: 1, usesExponentialBackoff: true }),
  final: retry(1, { delaySeconds: 30, ignoreFinalError: true }),
};

const actionShape = fc.record({
  is: fc.constant('action' as const),
  // Most actions succeed, lest most flows end at their start.
  fails: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }) },
  ),
  policy: fc.constantFrom(
    'fail' as const,
    'ignore' as const,
    'short' as const,
    'long' as const,
    'final' as const,
  ),
});

/** Random flows with every kind of step, nested up to three deep. */
export const shapes: fc.Arbitrary<Shape[]> = fc.letrec<{ steps: Shape[]; step: Shape }>((tie) => {
  const body = tie('steps');
  const count = fc.integer({ min: 0, max: 3 });
  return {
    steps: fc.array(tie('step'), { maxLength: 4 }),
    step: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'nesting' },
      { weight: 8, arbitrary: actionShape as fc.Arbitrary<Shape> },
      { weight: 1, arbitrary: fc.constant<Shape>({ is: 'sleep' }) },
      { weight: 3, arbitrary: fc.record({ is: fc.constant('branch' as const), yes: body, no: body }) },
      { weight: 3, arbitrary: fc.record({ is: fc.constant('items' as const), count, body }) },
      { weight: 2, arbitrary: fc.record({ is: fc.constant('times' as const), count, body }) },
      { weight: 1, arbitrary: fc.constant<Shape>({ is: 'leave' }) },
      { weight: 1, arbitrary: fc.constant<Shape>({ is: 'stop' }) },
    ),
  };
}).steps;

/** The same without steps that fail: how many tries are left is forgotten in a crash between them. */
export function calm(of: readonly Shape[]): Shape[] {
  return of.map((shape) => {
    if (shape.is === 'action') return { ...shape, fails: 0 };
    if (shape.is === 'branch') return { ...shape, yes: calm(shape.yes), no: calm(shape.no) };
    return 'body' in shape ? { ...shape, body: calm(shape.body) } : shape;
  });
}

/**
 * A flow of these shapes in which every step reads every other, ran or not, so that a value which a resumed
 * walk has lost, kept too long or changed shows itself in what comes after.
 */
export function flowOfShapes(of: readonly Shape[]): PlanFlow {
  const keys: string[] = [];
  const flow = flowOf(build(of, keys));
  withInputs([...flow.steps], inputsOf(keys));
  return flow;
}

/**
 * The same shapes, in which only some steps read, and only some of the others: what nobody reads is not kept, and
 * must not be missed. The trigger takes a branch of its own.
 */
export function sparseFlowOfShapes(of: readonly Shape[], chosen: readonly number[]): PlanFlow {
  const keys: string[] = [];
  const steps = build(of, keys);
  const branched = branching('trigger', { Yes: steps.slice(0, 1), Else: [] });
  const flow = flowOf(steps.slice(1), branched);
  let next = 0;
  const isNext = (): boolean => (chosen[next++ % Math.max(chosen.length, 1)] ?? 0) % 3 === 0;
  const sparse = (list: readonly PlanStep[]): void => {
    for (const step of list) {
      const inputs = inputsOf(keys.filter(isNext));
      step.inputs = isNext() ? { ...inputs, ...step.inputs } : step.inputs;
      step.reads = isNext() && isNext() ? 'all' : [];
      sparse(step.loop?.steps ?? []);
      for (const branch of step.branches ?? []) sparse(branch.steps);
    }
  };
  sparse([flow.trigger, ...flow.steps]);
  return flow;
}

function inputsOf(keys: readonly string[]): Record<string, PlanInput> {
  return Object.fromEntries(
    keys.flatMap((key): [string, PlanInput][] => [
      [`${key} whole`, reference(`${key}.results`)],
      [`${key} item`, reference(`${key}.currentItem.n`)],
      [`${key} index`, template(text('#'), referencePart(`${key}.index`))],
    ]),
  );
}

function build(of: readonly Shape[], keys: string[]): PlanStep[] {
  return of.map((shape) => {
    const key = `s${keys.length}`;
    keys.push(key);
    switch (shape.is) {
      case 'action':
        return action(key, { name: `fails ${shape.fails}`, onError: policies[shape.policy], reads: 'all' });
      case 'branch':
        return branching(key, { Yes: build(shape.yes, keys), Else: build(shape.no, keys) });
      case 'items': {
        const items = Array.from({ length: shape.count }, (_, n) => ({ n: `${key}.${n}` }));
        return loopOver(key, value(items), build(shape.body, keys));
      }
      case 'times':
        return loopTimes(key, String(shape.count), build(shape.body, keys));
      case 'sleep':
        return sleepStep(key, '3000');
      case 'leave':
        return action(key, { breaksLoop: true });
      case 'stop':
        return action(key, { terminates: true });
    }
  });
}

function withInputs(steps: PlanStep[], inputs: Record<string, PlanInput>): void {
  for (const step of steps) {
    step.inputs = { ...inputs, ...step.inputs };
    withInputs(step.loop?.steps ?? [], inputs);
    for (const branch of step.branches ?? []) withInputs(branch.steps, inputs);
  }
}

/**
 * Actions whose result is a digest of all that they were given. A step fails as often as its name says,
 * counted by its place and iteration; a branch is chosen by the digest.
 */
export function digestingActions(): Act {
  const failures = new Map<string, number>();
  return ({ step, position: { path }, inputs, stepResults }) => {
    const digest = digestOf(JSON.stringify([path, inputs, stepResults]));
    const wanted = Number(step.name.match(/^fails (\d+)$/)?.[1] ?? 0);
    const failedBefore = failures.get(path) ?? 0;
    if (failedBefore < wanted) {
      failures.set(path, failedBefore + 1);
      return failed(`failure ${failedBefore + 1} of ${path} given ${digest}`);
    }
    return step.branches ? took(digest % 3 === 0 ? 'Else' : 'Yes') : done({ n: digest });
  };
}

/** FNV-1a, 32 bits. */
function digestOf(of: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < of.length; at += 1) hash = Math.imul(hash ^ of.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
