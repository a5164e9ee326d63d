import type { Logger } from '../../../config/logger';
import { isAppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { admittedWorkflowId, executionWorkflowId, isBatchId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { startExecution } from '../start/start-execution';
import { endAbandoned } from './end-abandoned';
import { gatherOrEndOrphan, startOrEndOrphan } from './start-accepted';

const BATCH = 100;
/** Younger ones are left to their start. */
const MIN_AGE_MS = 60_000;
/** One execution is looked at this often at most. */
const CHECK_EVERY_MS = 5 * 60_000;

/**
 * One pass over executions that have not ended though they began a while ago: those whose workflow was closed
 * without our code, by an operator's `terminate` for instance, end as `terminated`. Stops with
 * `dependency_unavailable` while the workflow engine is away.
 */
export async function reconcileOpen(
  deps: Deps,
  logger: Logger,
): Promise<{ checked: number; ended: number; hasMore: boolean }> {
  const found = await findDue(deps);
  const count = { checked: 0, ended: 0, hasMore: found.length === BATCH };
  for (const execution of found) {
    if (!(await claim(deps, execution))) continue;
    count.checked += 1;
    try {
      if (await endIfClosed(deps, execution)) count.ended += 1;
    } catch (error) {
      if (isAppError(error) && error.code === 'dependency_unavailable') throw error;
      logger.error(
        { executionId: execution._id, reason: String(error) },
        'an execution could not be checked',
      );
    }
  }
  return count;
}

async function endIfClosed(deps: Deps, execution: Execution): Promise<boolean> {
  // A missing workflow of an accepted one is a start that is still due, not an end.
  const { workflowId } = execution;
  if (workflowId === null) return (await gatherOrEndOrphan(deps, execution)) === 'ended';
  if (execution.phase === 'accepted') {
    if ((await startOrEndOrphan(deps, execution)) === 'ended') return true;
    if (isBatchId(workflowId)) return false;
  }
  if (await deps.temporal.isOpen(workflowId)) return false;
  // A driver that a batch or a lane handed over to and that was never started goes on now.
  const own = [executionWorkflowId(execution._id), admittedWorkflowId(execution._id)];
  if (own.includes(workflowId) && (await wasNeverStarted(deps, execution))) return false;
  // Our own code stores the end before the workflow closes: what has none now gets none any more.
  const message = 'The execution was ended from outside: its workflow was closed before the flow had ended.';
  return (
    (await endAbandoned(deps, execution._id, { code: 'terminated', message, where: { workflowId } })) !== null
  );
}

async function wasNeverStarted(deps: Deps, execution: Execution): Promise<boolean> {
  try {
    return await startExecution(deps, execution);
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return false;
    throw error;
  }
}

/** Those never checked first, then by their last check, so that each has its turn. */
function findDue(deps: Deps): Promise<Execution[]> {
  const now = Date.now();
  const before = new Date(now - MIN_AGE_MS);
  return deps.store.executions
    .find(
      {
        phase: { $in: ['accepted', 'running'] },
        // Not `$lt`: this matches those without the field too, in one range of the index.
        checkedAt: { $not: { $gte: new Date(now - CHECK_EVERY_MS) } },
        acceptedAt: { $lt: before },
        $or: [{ startedAt: null }, { startedAt: { $lt: before } }],
      },
      { request: 0 },
    )
    .sort({ checkedAt: 1, acceptedAt: 1 })
    .limit(BATCH)
    .lean<Execution[]>();
}

/** False when another process took it meanwhile. */
async function claim(deps: Deps, { _id, checkedAt }: Execution): Promise<boolean> {
  const claimed = await deps.store.executions.updateOne(
    { _id, checkedAt: checkedAt ?? null, phase: { $ne: 'ended' } },
    { $set: { checkedAt: new Date() } },
  );
  return claimed.modifiedCount === 1;
}
