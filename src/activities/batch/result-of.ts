import { foundBy } from '../../services/executions/run/found-by';
import type { BatchMember, BatchResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { endedBefore } from './ended-before';
import { shortened } from './shortened';

/** What the driver of a batch is told at its end; `isFirst`: none of it had begun when its segment did. */
export async function resultOf(
  deps: RunDeps,
  batch: { executionIds: readonly string[]; workflowId: string },
  members: readonly BatchMember[],
  { isFirst = false } = {},
): Promise<BatchResult> {
  const ended = isFirst ? [] : await endedBefore(deps, batch, members);
  const all = [...members, ...ended];
  const given = new Set(batch.executionIds);
  const hasBoarded = all.some(({ executionId }) => !given.has(executionId));
  return {
    members: all.map(shortened),
    ...(hasBoarded && { searchAttributes: await foundBy(deps, batch) }),
  };
}
