import { admissible } from '../../services/executions/queue/queue-room';
import { releaseEnded } from '../../services/executions/queue/release-ended';
import type { QueueActivities, QueueInput } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { handLeftOver } from './hand-left-over';

/** Says how many runs of a queue may be admitted now, and lets those go on that an earlier run of its workflow left. */
export async function lookAtQueue(
  deps: RunDeps,
  { key }: QueueInput,
  { workflowId, runId }: { workflowId: string; runId: string },
): ReturnType<QueueActivities['lookAtQueue']> {
  await releaseEnded(deps, key);
  await handLeftOver(deps, key, { workflowId, runId: { $ne: runId } });
  return { admissible: await admissible(deps, key) };
}
