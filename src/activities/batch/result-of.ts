import type { Deps } from '../../services/context';
import { foundBy } from '../../services/executions/run/found-by';
import type { BatchMember, BatchResult } from '../../temporal/contract';
import { withinHistory } from '../sharing/told-member';
import { endedBefore } from './ended-before';

/** What the driver of a batch is told at its end; `isFirst`: none of it had begun when its segment did. */
export async function resultOf(
  deps: Deps,
  batch: { executionIds: readonly string[]; workflowId: string },
  members: readonly BatchMember[],
  { isFirst = false } = {},
): Promise<BatchResult> {
  const ended = isFirst ? [] : await endedBefore(deps, batch, members);
  const all = [...members, ...ended];
  const given = new Set(batch.executionIds);
  const hasBoarded = all.some(({ executionId }) => !given.has(executionId));
  return {
    members: withinHistory(all),
    ...(hasBoarded && { searchAttributes: await foundBy(deps, batch) }),
  };
}
