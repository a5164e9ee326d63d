import type { Deps } from '../../context';
import { runLabelOf } from './run-label';
import type { Startable } from './start-execution';

/**
 * Starts the batch of executions that carry its workflow id; false when it was started before. Throws
 * `dependency_unavailable` while Temporal is away.
 */
export async function startBatch(
  deps: Deps,
  workflowId: string,
  members: readonly Startable[],
): Promise<boolean> {
  const labels = await Promise.all(members.map((member) => runLabelOf(deps, member)));
  const customers = [...new Set(labels.map((label) => label?.customer).filter(Boolean))];
  return deps.temporal.startBatch({
    workflowId,
    members: members.map((member) => ({ ...member, executionId: member._id })),
    summary: [`${members.length} executions`, customers.join(', ')].filter(Boolean).join(' · '),
  });
}
