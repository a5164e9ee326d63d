import { setMaxListeners } from 'node:events';
import { beginBatch } from '../../services/executions/run/begin-batch';
import type { Execution } from '../../store/models/execution.model';
import type { BatchInput, BatchMember, BatchResult, NextMove } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import type { SegmentLimits } from '../segment-run';
import { walkSegment } from '../walk-segment';
import { walkAlone } from '../walks';
import { handMemberOver } from './hand-member-over';
import { resultOf } from './result-of';
import { takeAlong } from './take-along';

/**
 * How long a member may take before it goes on in a driver of its own, ms: so long that the cost of that
 * driver, some 30 ms, does not count beside it.
 */
const MEMBER_BUDGET_MS = 15_000;

/**
 * Runs the executions of a batch beside each other. What happens to one is its own: an error ends it alone,
 * and whatever is not finished here goes on in a driver of its own.
 */
export async function runBatch(
  deps: RunDeps,
  { executionIds }: BatchInput,
  activity: { workflowId: string; runId: string; signal: AbortSignal; lease: Lease },
): Promise<BatchResult> {
  const { workflowId, runId, lease } = activity;
  return walkAlone(deps, { key: workflowId, signal: activity.signal }, async (signal) => {
    // Each of its members listens, and each short wait of theirs.
    setMaxListeners(0, signal);
    const run = { workflowId, runId };
    const { mine, others } = await beginBatch(deps, { executionIds, ...run });
    const limits = { signal, lease, budgetMs: MEMBER_BUDGET_MS, maxActions: null };
    // The worker died under them, perhaps because of one of them.
    const ends = others.map((execution) => settled(handMemberOver(deps, execution)));
    const begin = (executions: Execution[]) =>
      ends.push(...executions.map((execution) => settled(runMember(deps, execution, limits))));
    begin(mine);
    const isFirst = mine.length === executionIds.length;
    const boarding = isFirst ? takeAlong(deps, { run, members: mine, signal }, begin) : Promise.resolve();
    const boarded = await settled(boarding);
    // All of them, also when one hand-over fails: the batch is then run again, and none may still be walking.
    const members = await Promise.all(ends);
    valueOf(boarded);
    return resultOf(deps, { executionIds, workflowId }, members.map(valueOf), { isFirst });
  });
}

/** How it ends, also where it fails before anybody looks. */
const settled = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const [one] = await Promise.allSettled([work]);
  return one;
};

function valueOf<T>(one: PromiseSettledResult<T>): T {
  if (one.status === 'rejected') throw one.reason as Error;
  return one.value;
}

async function runMember(deps: RunDeps, execution: Execution, limits: SegmentLimits): Promise<BatchMember> {
  const startedMs = Date.now();
  let isBetweenSteps = true;
  try {
    const { next } = await walkAlone(deps, { key: execution._id, signal: limits.signal }, (signal) =>
      walkSegment(deps, execution, { ...limits, signal }),
    );
    if (next.kind === 'done') return memberOf(execution, next, startedMs);
    if (next.kind === 'queued') return queuedMember(execution, startedMs);
  } catch {
    // A fault of the infrastructure, perhaps in the middle of a step: its own driver tries again.
    isBetweenSteps = false;
  }
  return handMemberOver(deps, execution, { isBetweenSteps, startedMs });
}

function queuedMember({ _id: executionId, flowName: flow }: Execution, startedMs: number): BatchMember {
  return { executionId, flow, state: 'queued', ms: Date.now() - startedMs };
}

function memberOf(
  { _id: executionId, flowName: flow }: Execution,
  { isFailed, error }: Extract<NextMove, { kind: 'done' }>,
  startedMs: number,
): BatchMember {
  const ms = Date.now() - startedMs;
  return { executionId, flow, state: isFailed ? 'failed' : 'ok', ms, ...(error && { code: error.code }) };
}
