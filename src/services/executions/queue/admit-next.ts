import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { type QueueRoom, queueRoom } from './queue-room';
import { releaseEnded } from './release-ended';

/** Who admits, and runs what it admits. */
export interface Lane {
  /** The queue's workflow. */
  workflowId: string;
  runId: string;
  /** The activity, over its tries. */
  laneId: string;
}

/** How often another lane may come first. */
const TRIES = 50;

/**
 * Admits the run that is next, if one may be, and begins its segment: it holds its place until it has ended. As many
 * as the queue allows are admitted and no more, whoever else admits: a place belongs to one run.
 */
export async function admitNext(deps: Deps, key: string, lane: Lane): Promise<Execution | null> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const room = await queueRoom(deps, key);
    if (!room?.next) return null;
    try {
      const admitted = await admit(deps, room.next._id, freeSlot(key, room), lane);
      if (admitted) return admitted;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 11_000) throw error;
      await releaseEnded(deps, key);
    }
  }
  return null;
}

function freeSlot(key: string, { limit, slots }: QueueRoom): string {
  for (let number = 0; number < limit; number += 1) {
    const slot = `${key}/${number}`;
    if (!slots.has(slot)) return slot;
  }
  return `${key}/0`;
}

async function admit(
  { store }: Deps,
  executionId: string,
  slot: string,
  { workflowId, runId, laneId }: Lane,
): Promise<Execution | null> {
  const admitted = await store.executions.collection.findOneAndUpdate(
    { _id: executionId as never, phase: 'queued', 'queue.state': 'waiting' },
    [
      {
        $set: {
          phase: 'running',
          status: 'PENDING',
          'queue.state': 'admitted',
          'queue.slot': slot,
          workflowId,
          runId,
          takenBy: laneId,
          epoch: { $add: ['$epoch', 1] },
          segment: { $literal: { index: 0, tries: 1 } },
          startedAt: { $ifNull: ['$startedAt', '$$NOW'] },
        },
      },
    ],
    { returnDocument: 'after' },
  );
  return admitted as unknown as Execution | null;
}
