import type { Execution } from '../../store/models/execution.model';
import { type StepResult, TRIGGER_PATH } from '../../store/models/step-result.model';
import type { Store } from '../../store/store';

/** What the records of an ended run's steps must not keep. */
const NO_OUTPUT = { output: null, outputBlobId: null, outputBytes: 0, states: null, statesBlobId: null };

export type Cleared = Pick<Execution, '_id' | 'instanceId' | 'fanOut' | 'fanOutOf' | 'nextRetry' | 'retryOf'>;

/**
 * Removes the outputs and states of an ended execution's steps with their blobs; name, times and errors of the steps
 * stay. Not to be done before the attempt that follows has what it goes on with. Doing it twice is harmless.
 */
export async function clearOutputs({ store }: { store: Store }, ended: Cleared): Promise<void> {
  const { _id: executionId, instanceId, fanOut } = ended;
  const { stepResults, executions, blobs } = store;
  const trigger = await stepResults
    .findById(`${executionId}/${TRIGGER_PATH}`, { outputBlobId: 1 })
    .lean<Pick<StepResult, 'outputBlobId'>>();
  const handedOn = isTakenOver(ended) ? [trigger?.outputBlobId] : [];
  await blobs.discardPrivate(
    { instanceId, executionId },
    handedOn.flatMap((id) => id ?? []),
  );
  if (!isTakenOver(ended)) await discardTakenOver(store, ended, trigger);
  await stepResults.updateMany({ executionId }, { $set: NO_OUTPUT });
  await executions.updateOne(
    { _id: executionId },
    { $unset: { resultsDueAt: 1, ...(fanOut && { 'fanOut.page': 1, 'fanOut.states': 1 }) } },
  );
}

/**
 * The same at the end of a run that keeps no outputs, if nobody may still need them. What this leaves, or cannot do,
 * the sweeper does.
 */
export async function clearAtEnd(deps: { store: Store }, ended: Execution): Promise<void> {
  if (!ended.profile?.stepResultsDisabled) return;
  // What decides where a delivery goes is read behind its end.
  if (ended.isPreprocess || (ended.error !== null && goesOn(ended))) return;
  await clearOutputs(deps, ended).catch(() => undefined);
}

const goesOn = ({ fanOut, fanOutOf }: Pick<Execution, 'fanOut' | 'fanOutOf'>): boolean =>
  fanOut !== undefined || fanOutOf !== undefined;

/** Whether the next attempt goes on with what the trigger gave this one, and with the page that it has in hand. */
const isTakenOver = (ended: Cleared): boolean => ended.nextRetry !== undefined && goesOn(ended);

/** Of a last attempt: what it has from an earlier one is private to that one. */
async function discardTakenOver(
  { blobs }: Store,
  { retryOf, fanOut }: Cleared,
  trigger: Pick<StepResult, 'outputBlobId'> | null,
): Promise<void> {
  if (retryOf && trigger?.outputBlobId) await blobs.discardIfPrivate(trigger.outputBlobId);
  if (fanOut?.page?.blobId) await blobs.discard(fanOut.page.blobId);
}
