import type { Execution } from '../../../store/models/execution.model';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { insertExecution } from '../accept/insert-execution';
import { endAsDuplicate } from '../queue/end-as-duplicate';
import { startExecution } from '../start/start-execution';
import { copyTriggerResult } from './copy-trigger-result';
import { forgetRetry } from './forget-retry';
import { findNewerRequest } from './newer-request';

/**
 * Stores the next attempt of an execution that has failed and starts its driver, which begins when it is due. Doing it
 * twice is harmless; nothing happens to one that plans none. Throws `dependency_unavailable` while Temporal is away.
 */
export async function makeRetry(deps: Deps, failedId: string): Promise<void> {
  const { executions } = deps.store;
  const failed = await executions.findById(failedId).lean<Execution>();
  if (failed?.phase !== 'ended' || !failed.nextRetry || failed.nextRetry.isMade) return;
  const retry = retryOf(failed, failed.nextRetry);
  try {
    await insertExecution(deps, retry);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 11_000) throw error;
  }
  if (retry.epoch > 0) await copyTriggerResult(deps, failed, retry);
  // One that came while this was made did not see it.
  const newer = await findNewerRequest(deps, retry);
  if (newer !== undefined && (await endAsDuplicate(deps, retry, newer))) {
    await forgetRetry(deps, retry, newer);
    return;
  }
  await startExecution(deps, retry);
  await executions.collection.updateOne(
    { _id: failedId as never, 'nextRetry.executionId': retry._id },
    { $set: { 'nextRetry.isMade': true } },
  );
}

/** A run anew of the same request. */
function retryOf(failed: Execution, next: NonNullable<Execution['nextRetry']>): Execution {
  const { queue, answer: _answer, ...same } = failed;
  for (const field of OWN) delete same[field];
  return {
    ...same,
    _id: next.executionId,
    retryOf: {
      rootId: failed.retryOf?.rootId ?? failed._id,
      rootAcceptedAt: failed.retryOf?.rootAcceptedAt ?? failed.acceptedAt,
      formerId: failed._id,
      count: (failed.retryOf?.count ?? 0) + 1,
      isPinned: false,
    },
    isAwaited: false,
    status: 'PENDING',
    phase: 'accepted',
    // It enters its queue when its turn has come, behind those that wait then.
    ...(queue && { queue: { key: queue.key, state: 'left', order: queue.order } }),
    answer: null,
    error: null,
    workflowId: executionWorkflowId(next.executionId),
    runId: null,
    // A later epoch than the first makes it read its journal.
    epoch: goesOn(failed) ? 1 : 0,
    segment: { index: -1, tries: 0 },
    armedWait: null,
    stepCount: 0,
    acceptedAt: next.at,
    startedAt: null,
    endedAt: null,
  };
}

/** Whether it got items from a trigger's run, or is one that has made runs of some: it does not begin with its trigger. */
const goesOn = ({ fanOut, fanOutOf }: Execution): boolean => fanOutOf !== undefined || fanOut !== undefined;

/** What belongs to one attempt alone. */
const OWN = [
  'nextRetry',
  'deliveryKey',
  'control',
  'takenBy',
  'boardedOn',
  'sweptAt',
  'checkedAt',
  'resultType',
  'canceledByExecutionId',
  'replyTo',
  'isEndUntold',
  'resultsDueAt',
] as const satisfies readonly (keyof Execution)[];
