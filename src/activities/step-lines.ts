import { ignoresError } from '../engine/error-policy';
import type { PlanStep } from '../engine/plan';
import type { FinishedStep, Position, Suspension } from '../engine/walker-host';
import type { FinishedStepLine, WaitingStepLine } from '../temporal/contract';

/** The finished step as Temporal's Web UI shows it; the error's message stays out of Temporal. */
export function finishedLine(
  step: PlanStep,
  position: Position,
  finished: FinishedStep,
  ms: number,
): FinishedStepLine {
  return {
    name: shownName(step, position),
    state: stateOf(step, finished),
    ms,
    ...(finished.error && { code: finished.error.code }),
  };
}

/** The same of a step that the driver waits for: a sleep, or one that is tried again. */
export function waitingLine({
  step,
  position,
  wait,
}: Extract<Suspension, { kind: 'wait' }>): WaitingStepLine {
  const { untilMs, failures, code } = wait;
  const line = { name: shownName(step, position), untilMs };
  if (failures === 0) return line;
  const tries = step.onError.maxAttempts + 1;
  return { ...line, retry: { failures, tries, ...(code !== undefined && { code }) } };
}

const shownName = ({ name }: PlanStep, { loopPath }: Position): string =>
  loopPath ? `${name} [${loopPath}]` : name;

function stateOf(step: PlanStep, { error }: FinishedStep): FinishedStepLine['state'] {
  if (!error) return 'ok';
  return ignoresError(step.onError, error) ? 'ignored' : 'failed';
}
