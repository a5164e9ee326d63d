import { setMaxListeners } from 'node:events';
import { admitNext } from '../../services/executions/queue/admit-next';
import { runLabelOf } from '../../services/executions/start/run-label';
import type { Execution } from '../../store/models/execution.model';
import type { QueueActivities, QueueInput } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import { handMemberOver } from '../sharing/hand-member-over';
import { walkWithin } from '../sharing/walk-within';
import { walkAlone } from '../walks';
import { handLeftOver } from './hand-left-over';

/** Runs that one activity admits. */
const MOST_RUNS = 50;
/** It admits no more after so long, ms. */
const LANE_BUDGET_MS = 60_000;

interface LaneActivity {
  workflowId: string;
  runId: string;
  activityId: string;
  signal: AbortSignal;
  lease: Lease;
}

/**
 * Admits runs of a queue and walks them one after the other. One that does not finish (it waits, is held, is slow)
 * goes on in a driver of its own and keeps its place.
 */
export function runQueueLane(
  deps: RunDeps,
  { key }: QueueInput,
  activity: LaneActivity,
): ReturnType<QueueActivities['runQueueLane']> {
  const { workflowId, runId, activityId, lease } = activity;
  const laneId = `${runId}/${activityId}`;
  return walkAlone(deps, { key: laneId, signal: activity.signal }, async (signal) => {
    setMaxListeners(0, signal);
    await handLeftOver(deps, key, { workflowId, takenBy: laneId });
    const untilMs = Date.now() + LANE_BUDGET_MS;
    let admitted = 0;
    while (admitted < MOST_RUNS && Date.now() < untilMs && !signal.aborted && !deps.stopping.aborted) {
      lease.assertHeld();
      const execution = await admitNext(deps, key, { workflowId, runId, laneId });
      if (!execution) break;
      admitted += 1;
      await runAdmitted(deps, execution, { signal, lease });
    }
    return { admitted };
  });
}

async function runAdmitted(
  deps: RunDeps,
  execution: Execution,
  limits: { signal: AbortSignal; lease: Lease },
): Promise<void> {
  const label = await runLabelOf(deps, execution);
  // By the instance's setting its actions have activities of their own.
  if (label && label.stepsPerActivity !== null) {
    await handMemberOver(deps, execution, { isBetweenSteps: true });
    return;
  }
  await walkWithin(deps, execution, limits);
}
