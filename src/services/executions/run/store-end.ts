import { INLINE_LIMIT_BYTES } from '../../../store/blobs';
import { type UpdateOfSome, updateAll } from '../../../store/bulk-writes';
import type { Execution, ExecutionError } from '../../../store/models/execution.model';
import type { StoredAnswer } from '../../../store/models/stored-exchange';
import type { Store } from '../../../store/store';
import type { Deps } from '../../context';
import { groupCommit } from '../../group-commit';
import { inCompany, patienceMs } from '../../in-company';
import { onePer } from '../../one-per';
import type { FlowAnswer } from '../accept/flow-answer';
import { isInLane, leavingQueue, leftQueue } from '../queue/leave-queue';
import type { PlannedRetry } from '../retry/plan-retry';

/** Stores the flow's answer for a waiting caller, once: a later one changes nothing. */
export async function storeAnswer(deps: Deps, execution: Execution, answer: FlowAnswer): Promise<void> {
  const stored = await storedAnswer(deps, execution, answer);
  await deps.store.executions.updateOne({ _id: execution._id, answer: null }, { $set: { answer: stored } });
}

/** Beyond the longest step: one that is still at work when its run is ended from outside writes its record yet. */
const CLEAR_AFTER_MS = 60_000;

/** When the outputs of an execution that keeps none are to be gone, whoever ended it. */
const dueAt = ({ env }: Deps): Date =>
  new Date(Date.now() + env.TENON_STEP_TIMEOUT_SECONDS * 1000 + CLEAR_AFTER_MS);

/** How an execution ends. */
export interface ExecutionEnd {
  error: ExecutionError | null;
  answer?: FlowAnswer;
  stepCount: number;
  resultType?: NonNullable<Execution['resultType']>;
  canceledByExecutionId?: string;
  /** Its caller was told that nothing came of it: no other attempt follows, and the sender's own has its key. */
  isRefused?: boolean;
}

export interface EndOptions {
  /** What the same write says of the attempt that follows. */
  retry?: PlannedRetry | null;
  /** What must still be so, beside that no newer segment has begun. */
  where?: Partial<Pick<Execution, 'phase' | 'workflowId'>>;
  /** Nobody repeats this after a crash, so the sweeper is to look whether the last lines are there. */
  isUntold?: boolean;
}

/**
 * Writes the final status of an execution, once and for all, and gives its place in a queue free. Answers its record as
 * it ended; null when a newer segment has it, or it is gone.
 */
export async function storeEnd(
  deps: Deps,
  execution: Execution,
  end: ExecutionEnd,
  { where, isUntold = false, retry }: EndOptions = {},
): Promise<Execution | null> {
  const { error, stepCount, resultType, canceledByExecutionId, isRefused = false } = end;
  const answer = end.answer && (await storedAnswer(deps, execution, end.answer));
  const leaving = leavingQueue(execution);
  const final = {
    phase: 'ended' as const,
    status: error ? ('ERROR' as const) : ('SUCCESS' as const),
    error,
    stepCount,
    armedWait: null,
    ...(answer && { answer }),
    ...(resultType && { resultType }),
    ...(canceledByExecutionId && { canceledByExecutionId }),
    ...(execution.profile?.stepResultsDisabled && { resultsDueAt: dueAt(deps) }),
  };
  const write = {
    ended: { ...execution, ...final },
    where,
    set: { ...final, ...(isUntold && { isEndUntold: true }), ...leaving.set, ...retry },
    unset: { takenBy: 1, control: 1, ...leaving.unset, ...(isRefused && { deliveryKey: 1 }) },
  };
  const ended = await writerOf(deps.store).add(write, withinMs(execution));
  if (!ended) return null;
  leftQueue(deps, execution);
  return ended;
}

interface EndWrite {
  /** The record as it is behind the write, which sets `endedAt`. */
  ended: Execution;
  where: EndOptions['where'];
  set: object;
  unset: object;
}

const MAX_GROUP = 500;
const sourceOf = ({ ended }: EndWrite): string => ended._id;

/** How long the end may wait for others: not where somebody waits for it. */
function withinMs(execution: Execution): number {
  if (execution.isAwaited || isInLane(execution)) return 0;
  return execution.startedAt ? patienceMs(Date.now() - execution.startedAt.getTime()) : 0;
}

/** Ends that come together are written together. */
const writerOf = onePer((store: Store) => inCompany(commitOf(store)));

const commitOf = (store: Store) =>
  groupCommit<EndWrite, Execution | null>({ maxItems: MAX_GROUP, sourceOf }, async (ends) => {
    const endedAt = new Date();
    const matchedCount = await updateAll(store.executions.collection, updatesOf(ends, endedAt));
    const ended = ends.map((end) => end.ended);
    for (const one of ended) one.endedAt = endedAt;
    return matchedCount === ends.length ? ended : asStored(store, ended);
  });

/** Those that end alike share an update: planning one by several conditions is most of what it costs MongoDB. */
function updatesOf(ends: readonly EndWrite[], endedAt: Date): UpdateOfSome[] {
  const updates = new Map<string, UpdateOfSome>();
  for (const end of ends) {
    const { ended, where, set, unset } = end;
    const key = likeness(end);
    const alike = updates.get(key);
    if (alike) {
      alike.ids.push(ended._id);
      continue;
    }
    const open = { phase: { $ne: 'ended' }, epoch: ended.epoch };
    updates.set(key, {
      ids: [ended._id],
      filter: where ? { $and: [open, where] } : open,
      update: { $set: { ...set, endedAt }, $unset: unset },
    });
  }
  return [...updates.values()];
}

/** Equal for ends that differ by the execution alone; those with an answer or an error are told apart without a look at them. */
function likeness({ ended, where, set, unset }: EndWrite): string {
  return ended.answer || ended.error ? ended._id : JSON.stringify([ended.epoch, where, set, unset]);
}

/** Some had ended before, or go on elsewhere; which ones, the count does not say. */
async function asStored({ executions }: Store, ended: Execution[]): Promise<(Execution | null)[]> {
  const found = await executions
    .find({ _id: { $in: ended.map(({ _id }) => _id) }, phase: 'ended' }, { request: 0 })
    .lean<Execution[]>();
  const byId = new Map(found.map((one) => [one._id, one]));
  return ended.map(({ _id, epoch }) => {
    const stored = byId.get(_id);
    return stored?.epoch === epoch ? stored : null;
  });
}

async function storedAnswer(
  deps: Deps,
  execution: Execution,
  { body, ...rest }: FlowAnswer,
): Promise<StoredAnswer> {
  if (body === null || body.length <= INLINE_LIMIT_BYTES) return { ...rest, body, bodyBlobId: null };
  const owner = { instanceId: execution.instanceId, executionId: execution._id };
  return { ...rest, body: null, bodyBlobId: await deps.store.blobs.put(body, owner) };
}
