import type { PlanStep } from '../engine/plan';
import type { FinishedStep, Position } from '../engine/walker-host';
import { INLINE_LIMIT_BYTES } from '../store/blobs';
import type { Execution } from '../store/models/execution.model';
import type { StepResult } from '../store/models/step-result.model';
import { encodeOutput, encodeStates, type States } from '../store/output-codec';
import type { RunDeps } from './run-deps';

interface Finish {
  step: PlanStep;
  position: Position;
  finished: FinishedStep;
  startedAt: Date;
  states: States | null;
  attempt: number;
  ordinal: number;
}

/** The journal's record of a finished step; an output over 64 KB is stored as a blob first. */
export async function journalRecord(
  deps: RunDeps,
  execution: Execution,
  finish: Finish,
): Promise<StepResult> {
  const { step, position, finished } = finish;
  const { output, states, error } = encoded(finished, finish.states);
  const isInline = output.length <= INLINE_LIMIT_BYTES;
  const owner = { instanceId: execution.instanceId, executionId: execution._id };
  return {
    _id: `${execution._id}/${position.path}`,
    executionId: execution._id,
    instanceId: execution.instanceId,
    ordinal: finish.ordinal,
    path: position.path,
    stepKey: step.key,
    stepName: step.name,
    loopPath: position.loopPath,
    isLoopStep: step.loop !== undefined,
    branch: finished.branch,
    output: isInline ? output : null,
    outputBlobId: isInline ? null : await deps.store.blobs.put(output, owner),
    states,
    error,
    attempt: finish.attempt,
    epoch: execution.epoch,
    startedAt: finish.startedAt,
    endedAt: new Date(),
  };
}

/** A result that cannot be stored is the step's own error, not a fault of the infrastructure. */
function encoded(
  finished: FinishedStep,
  states: States | null,
): { output: Buffer; states: Buffer | null; error: FinishedStep['error'] } {
  try {
    return {
      output: encodeOutput(finished.value),
      states: states && encodeStates(states),
      error: finished.error,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    finished.error = {
      code: 'component_error',
      message: `The step's result or state cannot be stored: ${reason}`,
    };
    finished.value = {};
    return { output: encodeOutput({}), states: null, error: finished.error };
  }
}
