import { inQueue } from '../../services/executions/queue/in-queue';
import type { Execution } from '../../store/models/execution.model';
import type { RunDeps } from '../run-deps';
import { handMemberOver } from '../sharing/hand-member-over';

/**
 * Lets the runs that a lane admitted and did not end go on in drivers of their own: its worker died under them,
 * perhaps because of one of them. They keep their places.
 */
export async function handLeftOver(
  deps: RunDeps,
  key: string,
  ofLane: Record<string, unknown>,
): Promise<void> {
  const left = await deps.store.executions
    .find({ ...inQueue(key, 'admitted'), phase: 'running', ...ofLane }, { request: 0 })
    .lean<Execution[]>();
  await Promise.all(left.map((execution) => handMemberOver(deps, execution)));
}
