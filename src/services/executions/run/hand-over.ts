import { isAppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { admittedWorkflowId, executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { startExecution } from '../start/start-execution';
import { inTurn } from './hand-over-turns';

/** Of a segment that left no step in flight: the next step is told of no earlier try. */
export const BETWEEN_STEPS: Execution['segment'] = { index: -1, tries: 0 };

/** How an execution leaves its batch. */
export interface HandOver {
  /** No step of it was in flight, which the next one would else be told. */
  isBetweenSteps?: boolean;
  /** Who still walks it, and will say when that is over: its driver waits for that. */
  walkedBy?: string;
}

/**
 * Lets an execution of a batch go on in a driver of its own. Doing it twice is harmless; nothing happens to
 * one that ended, entered a queue, or that a newer segment runs. Throws `dependency_unavailable` while Temporal is away.
 */
export function handOver(deps: Deps, execution: Execution, how: HandOver): Promise<void> {
  return inTurn(execution.customerId, () => startDriver(deps, execution, how));
}

async function startDriver(
  deps: Deps,
  execution: Execution,
  { isBetweenSteps = false, walkedBy }: HandOver,
): Promise<void> {
  const workflowId = driverIdOf(execution);
  const { matchedCount } = await deps.store.executions.updateOne(
    { _id: execution._id, phase: { $in: ['accepted', 'running'] }, epoch: execution.epoch },
    // Looked at just now: its workflow is not missing, it is about to be started.
    {
      $set: {
        workflowId,
        runId: null,
        checkedAt: new Date(),
        ...(isBetweenSteps && { segment: BETWEEN_STEPS }),
        ...(walkedBy !== undefined && { walk: { by: walkedBy, at: new Date() } }),
      },
    },
  );
  if (matchedCount === 0) return;
  try {
    await startExecution(deps, { ...execution, workflowId });
  } catch (error) {
    // Its instance was deleted, and it with it.
    if (!isAppError(error) || error.code !== 'not_found') throw error;
  }
}

/** Behind a queue it is another one: the driver that brought the execution there has ended. */
function driverIdOf({ _id, queue }: Execution): string {
  return queue?.slot ? admittedWorkflowId(_id) : executionWorkflowId(_id);
}
