import type { Path } from './fault';
import type { Flow, Step } from './schema';
import { stepKey } from './step-key';

/** A step and where it stands. */
export interface StepSite {
  step: Step;
  key: string;
  /** Where it stands in the definition. */
  path: Path;
  isTrigger: boolean;
  /** True inside the body of a loop of the same flow. */
  isInLoop: boolean;
}

function* visit(steps: readonly Step[], path: Path, isInLoop: boolean, isRoot: boolean): Generator<StepSite> {
  for (const [index, step] of steps.entries()) {
    const at = [...path, index];
    yield { step, key: stepKey(step.name), path: at, isTrigger: isRoot && index === 0, isInLoop };
    for (const [position, branch] of (step.branches ?? []).entries()) {
      yield* visit(branch.steps, [...at, 'branches', position, 'steps'], isInLoop, false);
    }
    yield* visit(step.steps ?? [], [...at, 'steps'], true, false);
  }
}

/** All steps of a flow in the order of the text, the trigger first. */
export function stepSites(flow: Flow, flowIndex: number): StepSite[] {
  return [...visit(flow.steps, ['flows', flowIndex, 'steps'], false, true)];
}
