import type { PlanStep } from '../engine/plan';
import type { FinishedStep, Position } from '../engine/walker-host';
import { outliveOutage } from '../services/journal/outlive-outage';
import { INLINE_LIMIT_BYTES } from '../store/blobs';
import type { Execution } from '../store/models/execution.model';
import type { StepResult } from '../store/models/step-result.model';
import { encodeOutput, encodeStates, type States } from '../store/output-codec';
import { cutError, isBeyondLimit, tooLarge } from './bounded-step';
import type { RunDeps } from './run-deps';

interface Finish {
  step: PlanStep;
  position: Position;
  finished: FinishedStep;
  startedAt: Date;
  states: States | null;
  attempt: number;
  ordinal: number;
  /** Of the execution's last record with states, before this one. */
  statesOrdinal: number | null;
}

/**
 * The journal's record of a finished step; an output or a state over 64 KB is stored as a blob first. What cannot
 * be stored becomes the step's own error, in `finished` too. Outlives a short outage of MongoDB, as the record itself does.
 */
export async function journalRecord(
  deps: Pick<RunDeps, 'store'>,
  execution: Execution,
  finish: Finish,
): Promise<StepResult> {
  const { step, position, finished } = finish;
  const { output, states } = encoded(finish);
  const owner = { instanceId: execution.instanceId, executionId: execution._id };
  // What goes with the end of the run must not be shared with others.
  const isPrivate = execution.profile?.stepResultsDisabled === true;
  const blobOf = async (bytes: Buffer | null) => {
    if (bytes === null || bytes.length <= INLINE_LIMIT_BYTES) return null;
    const { blobs } = deps.store;
    return outliveOutage(() => (isPrivate ? blobs.putPrivate(bytes, owner) : blobs.put(bytes, owner)));
  };
  const [outputBlobId, statesBlobId] = await Promise.all([blobOf(output), blobOf(states)]);
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
    // A name that is no branch of the step means nothing, and may be of any length.
    branch: step.branches?.some(({ name }) => name === finished.branch) ? finished.branch : null,
    output: outputBlobId === null ? output : null,
    outputBlobId,
    outputBytes: output.length,
    states: statesBlobId === null ? states : null,
    statesBlobId,
    statesOrdinal: states === null ? finish.statesOrdinal : finish.ordinal,
    error: finished.error,
    attempt: finish.attempt,
    epoch: execution.epoch,
    startedAt: finish.startedAt,
    endedAt: new Date(),
  };
}

/** A result that cannot be stored is the step's own error, not a fault of the infrastructure. */
function encoded({ step, position, finished, states }: Finish): { output: Buffer; states: Buffer | null } {
  cutError(finished);
  try {
    const reason = tooLarge(finished, step.loop !== undefined);
    if (reason !== undefined) throw new Error(reason);
    // The data last: what is before it tells a download how to show the rest.
    const { data, ...fields } = finished.value;
    const output = encodeOutput({ ...fields, data });
    if (isBeyondLimit(output.length, position.path))
      throw new Error('it is larger than 50 MB; hand on a reference to it');
    return { output, states: states && encodeStates(states) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    finished.error = {
      code: 'component_error',
      message: `The step's result or state cannot be stored: ${reason}`,
    };
    finished.value = {};
    cutError(finished);
    return { output: encodeOutput({}), states: null };
  }
}
