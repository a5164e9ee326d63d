import { findOpen } from '../../services/executions/run/begin-batch';
import { claim } from '../../services/executions/start/claim';
import type { BatchInput, BatchResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { handMemberOver } from '../sharing/hand-member-over';
import { resultOf } from './result-of';

/** Gives what has not ended drivers of their own: the batch's own segment cannot go on. */
export async function splitBatch(
  deps: RunDeps,
  { executionIds }: BatchInput,
  workflowId: string,
): Promise<BatchResult> {
  const batch = { executionIds, workflowId };
  // Its segment may have come to nothing before it could claim them.
  await claim(deps, executionIds, workflowId);
  const open = await findOpen(deps, batch);
  const members = await Promise.all(open.map((execution) => handMemberOver(deps, execution)));
  return resultOf(deps, batch, members);
}
