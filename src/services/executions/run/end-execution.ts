import { INLINE_LIMIT_BYTES } from '../../../store/blobs';
import type { Execution, ExecutionError, StoredAnswer } from '../../../store/models/execution.model';
import type { Store } from '../../../store/store';
import type { Deps } from '../../context';
import { groupCommit } from '../../group-commit';
import { onePer } from '../../one-per';
import type { FlowAnswer } from '../accept/flow-answer';
import { leavingQueue, leftQueue } from '../queue/leave-queue';
import { makeRetry } from '../retry/make-retry';
import { planRetry } from '../retry/plan-retry';

/** Stores the flow's answer for a waiting caller, once: a later one changes nothing. */
export async function storeAnswer(deps: Deps, execution: Execution, answer: FlowAnswer): Promise<void> {
  const stored = await storedAnswer(deps, execution, answer);
  await deps.store.executions.updateOne({ _id: execution._id, answer: null }, { $set: { answer: stored } });
}

/** Gives an execution its final status, once and for all; a segment that another one replaced cannot. */
export async function endExecution(
  deps: Deps,
  execution: Execution,
  end: {
    error: ExecutionError | null;
    answer?: FlowAnswer;
    stepCount: number;
    resultType?: NonNullable<Execution['resultType']>;
  },
): Promise<void> {
  const answer = end.answer && (await storedAnswer(deps, execution, end.answer));
  const leaving = leavingQueue(execution);
  const retry = end.error && (await planRetry(deps, execution, end.error));
  await writerOf(deps.store)({
    filter: { _id: execution._id, phase: { $ne: 'ended' }, epoch: execution.epoch },
    update: {
      $set: {
        phase: 'ended',
        status: end.error ? 'ERROR' : 'SUCCESS',
        error: end.error,
        endedAt: new Date(),
        stepCount: end.stepCount,
        armedWait: null,
        ...(answer && { answer }),
        ...(end.resultType && { resultType: end.resultType }),
        ...leaving.set,
        ...retry,
      },
      $unset: { takenBy: 1, control: 1, ...leaving.unset },
    },
  });
  leftQueue(deps, execution);
  // What fails here is left to the sweeper.
  if (retry?.nextRetry) await makeRetry(deps, execution._id).catch(() => undefined);
}

interface End {
  filter: object;
  update: object;
}

const MAX_GROUP = 500;

/** Ends that come together are written together. */
const writerOf = onePer((store: Store) =>
  groupCommit<End>({ maxItems: MAX_GROUP }, async (ends) => {
    const operations = ends.map((end) => ({ updateOne: end }));
    await store.executions.collection.bulkWrite(operations as never[], { ordered: false });
    return [];
  }),
);

async function storedAnswer(
  deps: Deps,
  execution: Execution,
  { body, ...rest }: FlowAnswer,
): Promise<StoredAnswer> {
  if (body === null || body.length <= INLINE_LIMIT_BYTES) return { ...rest, body, bodyBlobId: null };
  const owner = { instanceId: execution.instanceId, executionId: execution._id };
  return { ...rest, body: null, bodyBlobId: await deps.store.blobs.put(body, owner) };
}
