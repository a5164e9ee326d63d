import { setMaxListeners } from 'node:events';
import { beginBatch } from '../../services/executions/run/begin-batch';
import type { Execution } from '../../store/models/execution.model';
import type { BatchInput, BatchResult } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import { handMemberOver } from '../sharing/hand-member-over';
import { walkAlone } from '../walks';
import { resultOf } from './result-of';
import { runMember } from './run-member';
import { takeAlong } from './take-along';

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
    const limits = { signal, lease };
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
