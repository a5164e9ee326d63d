import type { Flow, Step } from './schema';
import { stepKey } from './step-key';

/** What steps are known by whose names hold no letter or digit; no reference can be meant for them. */
const NAMELESS = 'step';

function* eachStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const branch of step.branches ?? []) yield* eachStep(branch.steps);
    yield* eachStep(step.steps ?? []);
  }
}

/**
 * Results are kept by key, so each step gets one of its own. What a name gives belongs to the first step of that name,
 * which references mean; later ones and those without a name for references get a number that no name gives.
 */
function assignKeys(flow: Flow): Map<Step, string> {
  const steps = [...eachStep(flow.steps)];
  const taken = new Set(steps.map(({ name }) => stepKey(name)).filter((key) => key !== ''));
  const given = new Set<string>();
  const next = new Map<string, number>();
  const numbered = (base: string, first: number): string => {
    let number = next.get(base) ?? first;
    const key = () => (number === 1 ? base : `${base}${number}`);
    while (taken.has(key())) number++;
    next.set(base, number + 1);
    taken.add(key());
    return key();
  };
  const keyOf = ({ name }: Step): string => {
    const key = stepKey(name);
    if (key === '') return numbered(NAMELESS, 1);
    if (given.has(key)) return numbered(key, 2);
    given.add(key);
    return key;
  };
  return new Map(steps.map((step) => [step, keyOf(step)]));
}

const known = new WeakMap<Flow, ReadonlyMap<Step, string>>();

/** The keys of all steps of a flow, each its own; see {@link stepKey}. */
export function stepKeys(flow: Flow): ReadonlyMap<Step, string> {
  const found = known.get(flow) ?? assignKeys(flow);
  known.set(flow, found);
  return found;
}

/** The key of a flow's trigger. */
export const triggerKey = (flow: Flow): string => keyOfStep(flow, flow.steps[0]);

/** The key of one step of a flow; empty where there is no step. */
export const keyOfStep = (flow: Flow, step: Step | undefined): string =>
  (step && stepKeys(flow).get(step)) ?? '';
