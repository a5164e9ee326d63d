import { beginBatch } from '../../services/executions/run/begin-batch';
import type { Execution } from '../../store/models/execution.model';
import type { BatchInput, BatchMember, BatchResult, NextMove } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import { walkSegment } from '../walk-segment';
import { endedBefore } from './ended-before';
import { handMemberOver } from './hand-member-over';
import { shortened } from './shortened';

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
  const { workflowId, runId, signal, lease } = activity;
  const { mine, others } = await beginBatch(deps, { executionIds, workflowId, runId });
  const limits = { signal, lease, budgetMs: MEMBER_BUDGET_MS, maxActions: null };
  const members = await Promise.all([
    ...mine.map((execution) => runMember(deps, execution, limits)),
    // The worker died under them, perhaps because of one of them.
    ...others.map((execution) => handMemberOver(deps, execution)),
  ]);
  const ended = await endedBefore(deps, { executionIds, workflowId }, members);
  return { members: [...members, ...ended].map(shortened) };
}

async function runMember(
  deps: RunDeps,
  execution: Execution,
  limits: Parameters<typeof walkSegment>[2],
): Promise<BatchMember> {
  const startedMs = Date.now();
  let isBetweenSteps = true;
  try {
    const { next } = await walkSegment(deps, execution, limits);
    if (next.kind === 'done') return memberOf(execution, next, startedMs);
  } catch {
    // A fault of the infrastructure, perhaps in the middle of a step: its own driver tries again.
    isBetweenSteps = false;
  }
  return handMemberOver(deps, execution, { isBetweenSteps, startedMs });
}

function memberOf(
  { _id: executionId, flowName: flow }: Execution,
  { isFailed, error }: Extract<NextMove, { kind: 'done' }>,
  startedMs: number,
): BatchMember {
  const ms = Date.now() - startedMs;
  return { executionId, flow, state: isFailed ? 'failed' : 'ok', ms, ...(error && { code: error.code }) };
}
