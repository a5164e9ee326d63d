import { AppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { uuidv5 } from '../../ids';
import { findEndpoint } from '../accept/find-endpoint';
import { newExecution } from '../accept/store-delivery';
import { releaseEnded } from '../queue/release-ended';
import { pinRetry } from '../retry/pin-retry';
import { notWalked } from './left-walk';

/** Name space of the execution ids that come from a schedule's workflow ids. */
const TICK_NAMESPACE = '6f0c5f1e-2a55-4d8c-9e0b-6b1d6f2a7c11';

/** No clock of another host is that far ahead. */
const DAY_MS = 86_400_000;

/** The start of a scheduled run: there is no stored delivery, the tick's workflow id is its key. */
export interface Tick {
  flowConfigId: string;
  workflowId: string;
}

/** The execution of a tick; the same workflow id always gives the same one. */
export const executionIdOfTick = (workflowId: string): string => uuidv5(TICK_NAMESPACE, workflowId);

/** Stores the execution of a tick unless it is stored. Refuses like a webhook when the flow may not run. */
export async function storeTick(deps: Deps, tick: Tick): Promise<string> {
  const executionId = executionIdOfTick(tick.workflowId);
  if (await deps.store.executions.exists({ _id: executionId })) return executionId;
  const endpoint = await findEndpoint(deps, tick.flowConfigId);
  const incoming = {
    method: 'POST',
    pathFragment: '',
    query: '',
    url: '',
    headers: [],
    contentType: '',
    body: Buffer.alloc(0),
  };
  const execution = await newExecution(deps, endpoint, incoming, {
    invokeType: 'SCHEDULED',
    isTest: false,
    isSynchronous: false,
    id: executionId,
    workflowId: tick.workflowId,
  });
  const { _id, ...fields } = endpoint.flow.queue?.isSingleton ? await alone(deps, execution) : execution;
  try {
    await deps.store.executions.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
  } catch (error) {
    if ((error as { code?: unknown }).code === 11_000) throw skipped();
    throw error;
  }
  return executionId;
}

/** A tick of a flow that is to run once at a time, with the place that no other tick may hold. */
async function alone({ store }: Deps, execution: Execution): Promise<Execution> {
  const { queue } = execution;
  if (!queue) return execution;
  if (await isUnderWay(store, execution)) throw skipped();
  await releaseEnded({ store }, queue.key);
  return { ...execution, queue: { ...queue, slot: `${queue.key}/tick` } };
}

/**
 * Whether any run of the flow is, however it came and in whatever queue it waits; not an attempt that is not due yet.
 * Open runs are found by when they were looked at last: each has a past time there, or none. Queued ones, which that
 * index lacks, are found by their place in a queue.
 */
async function isUnderWay({ executions }: Deps['store'], of: Execution): Promise<boolean> {
  const now = new Date();
  // With the instance MongoDB may go through its runs where others have many open ones.
  const ofFlow = { instanceId: of.instanceId, flowConfigId: of.flowConfigId, acceptedAt: { $lte: now } };
  const open = {
    ...ofFlow,
    phase: { $in: ['accepted', 'running'] as Execution['phase'][] },
    checkedAt: { $not: { $gte: new Date(now.getTime() + DAY_MS) } },
  };
  if (await executions.exists(open)) return true;
  const waiting = { ...ofFlow, phase: 'queued' as const, 'queue.state': 'waiting' as const };
  return (await executions.exists(waiting)) !== null;
}

const skipped = () => new AppError('invalid_state', 'A run of this flow is under way; the tick is skipped.');

/**
 * Marks the start of a segment: raises the epoch, counts how often this segment was tried, and answers the
 * record. Null for an execution that has ended or was deleted, that waits in a queue, that was admitted from one
 * and so belongs to another workflow, or that is still walked where a long call was left.
 */
export async function beginSegment(
  deps: Deps,
  segment: { executionId: string; index: number; runId: string; workflowId: string },
): Promise<Execution | null> {
  const isSame = { $eq: ['$segment.index', segment.index] };
  const begun = {
    epoch: { $add: ['$epoch', 1] },
    segment: {
      index: { $literal: segment.index },
      tries: { $cond: [isSame, { $add: ['$segment.tries', 1] }, 1] },
    },
    phase: 'running',
    runId: { $literal: segment.runId },
    startedAt: { $ifNull: ['$startedAt', '$$NOW'] },
    walk: '$$REMOVE',
    // What the walk that was left before says of itself is for this segment to tell.
    told: '$walk.told',
  };
  // The driver's own call: mongoose casts no pipelines.
  const found = await deps.store.executions.collection.findOneAndUpdate(
    {
      _id: segment.executionId as never,
      phase: { $in: ['accepted', 'running'] },
      $and: [
        { $or: [{ 'queue.slot': { $exists: false } }, { workflowId: segment.workflowId }] },
        notWalked(),
      ],
    },
    [{ $set: begun }],
    { returnDocument: 'after' },
  );
  const begunNow = found as unknown as Execution | null;
  return begunNow?.retryOf ? pinRetry(deps, begunNow) : begunNow;
}

/** Lets the next segment know that this one left a step in flight, as a repetition of this one would. */
export async function interruptSegment(deps: Deps, { _id, epoch, segment }: Execution): Promise<void> {
  const next = { index: segment.index + 1, tries: segment.tries };
  await deps.store.executions.updateOne({ _id, epoch }, { $set: { segment: next } });
}
