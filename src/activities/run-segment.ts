import { isAppError } from '../errors';
import { beginSegment, interruptSegment, storeTick } from '../services/executions/run/begin-segment';
import { tellEnds } from '../services/executions/run/tell-ends';
import type { Execution } from '../store/models/execution.model';
import type { NextMove, SegmentInput, SegmentResult } from '../temporal/contract';
import { leftWalksOf } from './batch/left-walks';
import { failureOf } from './end-of-walk';
import type { Lease } from './lease';
import type { RunDeps } from './run-deps';
import type { SegmentLimits } from './segment-run';
import { walkSegment } from './walk-segment';
import { walkAlone } from './walks';

/** How long a segment goes on before it hands over, ms. */
const BUDGET = {
  /** In the workflow's own task: longer ones get heartbeats. */
  local: 4000,
  /** So that no activity runs for hours. */
  activity: 60_000,
};

/**
 * Runs one segment: the walker goes on behind the last journaled step until the flow ends or something
 * durable must happen. Rejects for infrastructure faults only, and is then run again.
 */
export async function runSegment(
  deps: RunDeps,
  input: SegmentInput,
  activity: { workflowId: string; runId: string; signal: AbortSignal; lease: Lease; isLocal: boolean },
): Promise<SegmentResult> {
  const executionId = input.executionId ?? (await tickOf(deps, input));
  if (executionId === null) return nothing('');
  const { lease, isLocal } = activity;
  const budgetMs = isLocal ? BUDGET.local : BUDGET.activity;
  if (leftWalksOf(deps.store).walkerOf(executionId) !== undefined) return walked(executionId);
  return walkAlone(deps, { key: executionId, signal: activity.signal }, async (signal) => {
    const { workflowId, runId } = activity;
    const execution = await beginSegment(deps, { executionId, index: input.index, workflowId, runId });
    if (!execution) return endedBefore(deps, executionId);
    return walkOrInterrupt(deps, execution, { signal, lease, budgetMs, maxActions: input.maxActions });
  });
}

async function walkOrInterrupt(
  deps: RunDeps,
  execution: Execution,
  limits: SegmentLimits,
): Promise<SegmentResult> {
  try {
    return await walkSegment(deps, execution, limits);
  } catch (error) {
    if (!deps.givingUp.aborted) throw error;
    // To be run again by another worker, at once: this one has not the time to fail and wait.
    await interruptSegment(deps, execution);
    return { executionId: execution._id, next: { kind: 'limit' }, steps: [] };
  }
}

const DONE: NextMove = { kind: 'done', isFailed: false };
const nothing = (executionId: string): SegmentResult => ({ executionId, next: DONE, steps: [] });

/** A worker is still in the middle of a call that its batch did not wait for. */
const walked = (executionId: string): SegmentResult => ({
  executionId,
  next: { kind: 'walked' },
  steps: [],
});

/** A segment that is begun again after its result was lost answers as the record says. */
async function endedBefore(deps: RunDeps, executionId: string): Promise<SegmentResult> {
  const ended = await deps.store.executions
    .findById(executionId, { phase: 1, status: 1, error: 1, walk: 1 })
    .lean<Pick<Execution, 'phase' | 'status' | 'error' | 'walk'>>();
  if (ended?.phase === 'running' && ended.walk) return walked(executionId);
  await tellEnds(deps, [executionId]);
  if (ended?.status !== 'ERROR') return nothing(executionId);
  return { executionId, next: { kind: 'done', isFailed: true, ...failureOf(ended.error) }, steps: [] };
}

/** The execution of a schedule's tick; null when the flow may not run any more, which is no failure. */
async function tickOf(deps: RunDeps, { schedule }: SegmentInput): Promise<string | null> {
  if (!schedule) throw new Error('A segment names neither an execution nor a schedule.');
  try {
    return await storeTick(deps, schedule);
  } catch (error) {
    if (isAppError(error) && !error.retryable) return null;
    throw error;
  }
}
