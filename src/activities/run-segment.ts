import { isAppError } from '../errors';
import { beginSegment, interruptSegment, storeTick } from '../services/executions/run/begin-segment';
import { tellEnds } from '../services/executions/run/tell-ends';
import type { Execution } from '../store/models/execution.model';
import type { NextMove, SegmentInput, SegmentResult } from '../temporal/contract';
import { failureOf } from './end-of-walk';
import type { Lease } from './lease';
import { leaveLongCall, walked } from './long-calls/leave-long-call';
import { leftWalksOf } from './long-calls/left-walks';
import type { Underway } from './long-calls/underway';
import { WalkLease } from './long-calls/walk-lease';
import type { RunDeps } from './run-deps';
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
  if (await leftWalksOf(deps.store).isLeft(executionId)) return walked(executionId);
  const { workflowId, runId, isLocal } = activity;
  const budgetMs = isLocal ? BUDGET.local : BUDGET.activity;
  const lease = new WalkLease(activity.lease);
  const underway: Underway = { sinceMs: null };
  const walk = walkAlone(deps, { key: executionId, signal: activity.signal }, async (signal) => {
    const execution = await beginSegment(deps, { executionId, index: input.index, workflowId, runId });
    if (!execution) return endedBefore(deps, executionId);
    underway.execution = execution;
    const limits = { signal, lease, budgetMs, maxActions: input.maxActions, underway };
    return withTold(execution, await walkSegment(deps, execution, limits));
  });
  try {
    return await leaveLongCall(deps, { walk, lease, underway });
  } catch (error) {
    if (!deps.givingUp.aborted || !underway.execution) throw error;
    // To be run again by another worker, at once: this one has not the time to fail and wait.
    await interruptSegment(deps, underway.execution);
    return { executionId, next: { kind: 'limit' }, steps: [] };
  }
}

/** With the steps of a walk that was left before. */
function withTold(
  { told }: Pick<Execution, 'told'>,
  { steps, untoldSteps = 0, ...result }: SegmentResult,
): SegmentResult {
  const untold = untoldSteps + (told?.untoldSteps ?? 0);
  return { ...result, steps: [...(told?.steps ?? []), ...steps], ...(untold > 0 && { untoldSteps: untold }) };
}

const DONE: NextMove = { kind: 'done', isFailed: false };
const nothing = (executionId: string): SegmentResult => ({ executionId, next: DONE, steps: [] });

/** A segment that is begun again after its result was lost answers as the record says. */
async function endedBefore(deps: RunDeps, executionId: string): Promise<SegmentResult> {
  const ended = await deps.store.executions
    .findById(executionId, { phase: 1, status: 1, error: 1, walk: 1 })
    .lean<Pick<Execution, 'phase' | 'status' | 'error' | 'walk'>>();
  if (ended?.phase === 'running' && ended.walk) return walked(executionId);
  await tellEnds(deps, [executionId]);
  const result = nothing(executionId);
  if (!ended) return result;
  const isFailed = ended.status === 'ERROR';
  const next: NextMove = { kind: 'done', isFailed, ...(isFailed && failureOf(ended.error)) };
  return withTold({ ...(ended.walk?.told && { told: ended.walk.told }) }, { ...result, next });
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
