import type { Deps } from '../../context';
import { LEAST_ROOM, MOST_MEMBERS } from './batch-size';
import { labelLine, runLabelOf } from './run-label';
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
  const lines = members.flatMap(({ flowName }, at) => {
    const label = labels[at];
    return label ? [labelLine(label, flowName)] : [];
  });
  return deps.temporal.startBatch({
    workflowId,
    members: members.map((member) => ({ ...member, executionId: member._id })),
    summary: batchSummary(members.length, lines),
  });
}

/** What shares the batch, by how often; Temporal shows as much of it as it takes. */
function batchSummary(count: number, lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  // Others may go along with it, and Temporal keeps what a workflow was started with.
  const begun = `${count === 1 ? '1 execution' : `${count} executions`}${count > MOST_MEMBERS - LEAST_ROOM ? '' : ' at first'}`;
  if (counts.size === 1) return `${begun} · ${lines[0]}`;
  const groups = [...counts].sort(([, a], [, b]) => b - a).map(([line, often]) => `${often} × ${line}`);
  return [begun, ...groups].join('; ');
}
