import type { Path } from './fault';
import type { Flow, Step } from './schema';
import { stepKeys } from './step-keys';

/** A step and where it stands. */
export interface StepSite {
  step: Step;
  /** Its own in the flow. */
  key: string;
  /** Where it stands in the definition. */
  path: Path;
  isTrigger: boolean;
  /** True inside the body of a loop of the same flow. */
  isInLoop: boolean;
}

type Keys = ReadonlyMap<Step, string>;

function* visit(
  steps: readonly Step[],
  path: Path,
  keys: Keys,
  isInLoop: boolean,
  isRoot: boolean,
): Generator<StepSite> {
  for (const [index, step] of steps.entries()) {
    const at = [...path, index];
    yield { step, key: keys.get(step) ?? '', path: at, isTrigger: isRoot && index === 0, isInLoop };
    for (const [position, branch] of (step.branches ?? []).entries()) {
      yield* visit(branch.steps, [...at, 'branches', position, 'steps'], keys, isInLoop, false);
    }
    yield* visit(step.steps ?? [], [...at, 'steps'], keys, true, false);
  }
}

/** All steps of a flow in the order of the text, the trigger first. */
export function stepSites(flow: Flow, flowIndex: number): StepSite[] {
  return [...visit(flow.steps, ['flows', flowIndex, 'steps'], stepKeys(flow), false, true)];
}
