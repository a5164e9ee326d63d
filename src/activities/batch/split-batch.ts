import type { Execution } from '../../store/models/execution.model';
import type { BatchInput, BatchResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { handMemberOver } from './hand-member-over';

/** Gives what has not ended drivers of their own: the batch's own segment cannot go on. */
export async function splitBatch(deps: RunDeps, { executionIds }: BatchInput): Promise<BatchResult> {
  const open = await deps.store.executions
    .find({ _id: { $in: executionIds }, phase: { $ne: 'ended' } }, { request: 0 })
    .lean<Execution[]>();
  return { members: await Promise.all(open.map((execution) => handMemberOver(deps, execution))) };
}
