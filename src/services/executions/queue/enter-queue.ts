import { createHash } from 'node:crypto';
import { indexedText } from '../../../store/indexed-text';
import type { Execution, QueuePlace } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { newerSegment } from '../../journal/fenced-error';
import { endAsDuplicate } from './end-as-duplicate';
import { queueOrder } from './queue-order';
import { wakeQueueIfRoom } from './wake-queue';

/** What an execution is told when its trigger is through. */
export type QueueEntry =
  /** It waits: nobody may hold it any more. */
  | { kind: 'waits' }
  /** It goes on at once: the queue limits nothing. */
  | { kind: 'goes on' }
  /** Another run with its id waits or is under way. */
  | { kind: 'duplicate' };

interface Entering {
  /** Runs at once; undefined for no limit. */
  limit: number | undefined;
  /** No two runs of the queue have the same; undefined for a run that has none. */
  dedupeId: string | undefined;
}

/**
 * Lets an execution enter its flow's queue. Of two with the same id the one that was accepted first stays, unless
 * the other one is under way. Rejects with `FencedError` when a newer segment of it has begun.
 */
export async function enterQueue(
  deps: Deps,
  execution: Execution,
  { limit, dedupeId }: Entering,
): Promise<QueueEntry> {
  const { _id, flowConfigId } = execution;
  const key = execution.queue?.key ?? flowConfigId;
  const order = execution.retryOf ? queueOrder(new Date(), _id) : undefined;
  const dedupeKey = dedupeId === undefined ? undefined : dedupeKeyOf(key, dedupeId);
  if (limit === undefined && dedupeKey === undefined) return { kind: 'goes on' };
  const place: QueuePlace = {
    key,
    state: limit === undefined ? 'admitted' : 'waiting',
    order: order ?? execution.queue?.order ?? queueOrder(execution.acceptedAt, _id),
    queuedAt: new Date(),
    ...(dedupeKey && { dedupeKey }),
  };
  if ((await takePlace(deps, execution, place)) === 'duplicate') return { kind: 'duplicate' };
  if (limit === undefined) return { kind: 'goes on' };
  wakeQueueIfRoom(deps, { ...execution, queue: place });
  return { kind: 'waits' };
}

/** Ids may be long, or nobody's business: their hash is kept. */
function dedupeKeyOf(key: string, id: string): string {
  return `${key}/${createHash('sha256').update(id).digest('hex')}`;
}

/** How often the run that has the id may change under the work. */
const TRIES = 5;

async function takePlace(
  deps: Deps,
  execution: Execution,
  place: QueuePlace,
): Promise<'taken' | 'duplicate'> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const { matchedCount } = await deps.store.executions.collection.updateOne(
        { _id: execution._id as never, epoch: execution.epoch, phase: 'running' },
        {
          $set: { queue: place, ...(place.state === 'waiting' && WAITING) },
          // It was a duplicate before a crash, and that run has ended since.
          $unset: { canceledByExecutionId: 1 },
        },
      );
      if (matchedCount === 0) throw newerSegment();
      return 'taken';
    } catch (error) {
      if ((error as { code?: unknown }).code !== 11_000) throw error;
    }
    const hasId: Record<string, unknown> = { 'queue.dedupeKey': indexedText(place.dedupeKey ?? '') };
    const holder = await deps.store.executions.findOne(hasId, { request: 0 }).lean<Execution>();
    if (!holder) continue;
    const mayStay = holder.phase === 'queued' && (holder.queue?.order ?? '') > place.order;
    if (holder.phase === 'ended') await release(deps, holder._id);
    else if (!mayStay) {
      await deps.store.executions.updateOne(
        { _id: execution._id },
        { $set: { canceledByExecutionId: holder._id } },
      );
      return 'duplicate';
    } else await endAsDuplicate(deps, holder, execution._id);
  }
  return 'duplicate';
}

const WAITING = {
  phase: 'queued',
  status: 'QUEUED',
  workflowId: null,
  runId: null,
  armedWait: null,
} as const;

/** One that was ended without our code may still hold its id. */
async function release(deps: Deps, executionId: string): Promise<void> {
  await deps.store.executions.updateOne(
    { _id: executionId, phase: 'ended' },
    { $set: { 'queue.state': 'left' }, $unset: { 'queue.slot': 1, 'queue.dedupeKey': 1 } },
  );
}
