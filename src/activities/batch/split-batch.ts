import { workflowsOf } from '../../services/executions/run/begin-batch';
import type { Execution } from '../../store/models/execution.model';
import type { BatchInput, BatchResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { endedBefore } from './ended-before';
import { handMemberOver } from './hand-member-over';
import { shortened } from './shortened';

/** Gives what has not ended drivers of their own: the batch's own segment cannot go on. */
export async function splitBatch(
  deps: RunDeps,
  { executionIds }: BatchInput,
  workflowId: string,
): Promise<BatchResult> {
  const open = await deps.store.executions
    .find(
      {
        _id: { $in: executionIds },
        phase: { $ne: 'ended' },
        workflowId: { $in: workflowsOf(executionIds, workflowId) },
      },
      { request: 0 },
    )
    .lean<Execution[]>();
  const members = await Promise.all(open.map((execution) => handMemberOver(deps, execution)));
  const ended = await endedBefore(deps, { executionIds, workflowId }, members);
  return { members: [...members, ...ended].map(shortened) };
}
