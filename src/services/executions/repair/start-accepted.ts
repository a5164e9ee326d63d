import type { Logger } from '../../../config/logger';
import { isAppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { executionWorkflowId, isBatchId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { gathererOf } from '../start/gatherer-of';
import { runLabelOf } from '../start/run-label';
import { startBatch } from '../start/start-batch';
import { startExecution } from '../start/start-execution';
import { endAbandoned } from './end-abandoned';
import { AGAIN_AFTER_MS, findClaimed, findWaiting } from './find-due';

/** After this long if the workflow engine was away. */
const AGAIN_AFTER_OUTAGE_MS = 5000;

/**
 * One pass over what was accepted a while ago and has not begun: its start failed, or the process died before
 * it. One execution that cannot be started holds up no other; only an outage of the workflow engine stops the
 * pass, with `dependency_unavailable`.
 */
export async function startAccepted(deps: Deps, logger: Logger): Promise<{ started: number; ended: number }> {
  const count = { started: 0, ended: 0 };
  for (const execution of await findWaiting(deps)) count[await gatherOrEndOrphan(deps, execution)] += 1;
  for (const execution of await findClaimed(deps)) {
    // Before the try: what fails must not come first again at once.
    await setSweptAt(deps, execution, Date.now());
    try {
      const outcome = await startOrEndOrphan(deps, execution);
      count[outcome] += 1;
    } catch (error) {
      if (isAppError(error) && error.code === 'dependency_unavailable') {
        await setSweptAt(deps, execution, Date.now() - AGAIN_AFTER_MS + AGAIN_AFTER_OUTAGE_MS);
        throw error;
      }
      logger.error(
        { executionId: execution._id, reason: String(error) },
        'an execution could not be started',
      );
    }
  }
  return count;
}

/** Starts an accepted execution, harmless if it was; ends it as `not_found` when its instance is gone. */
export async function startOrEndOrphan(deps: Deps, execution: Execution): Promise<'started' | 'ended'> {
  if (!(await runLabelOf(deps, execution))) return endOrphan(deps, execution);
  const { workflowId } = execution;
  if (workflowId !== null && isBatchId(workflowId)) await repeatBatch(deps, workflowId);
  else await startExecution(deps, execution);
  return 'started';
}

/** Offers an execution that waits to the gatherer; ends it when its instance is gone. */
export async function gatherOrEndOrphan(deps: Deps, execution: Execution): Promise<'started' | 'ended'> {
  const label = await runLabelOf(deps, execution);
  if (!label) return endOrphan(deps, execution);
  const isAlone = label.stepsPerActivity !== null;
  gathererOf(deps)
    .offer({ execution, isAlone, isAwaited: false })
    .catch(() => undefined);
  return 'started';
}

/** The members of a batch that was closed before it began with them get drivers of their own. */
async function repeatBatch(deps: Deps, workflowId: string): Promise<void> {
  const members = await deps.store.executions
    .find({ workflowId, phase: 'accepted' }, { request: 0 })
    .lean<Execution[]>();
  if (members.length === 0 || (await startBatch(deps, workflowId, members))) return;
  if (await deps.temporal.isOpen(workflowId)) return;
  for (const member of members) {
    const own = { ...member, workflowId: executionWorkflowId(member._id) };
    await deps.store.executions.updateOne(
      { _id: member._id, phase: 'accepted', workflowId },
      { $set: { workflowId: own.workflowId } },
    );
    await startExecution(deps, own);
  }
}

async function endOrphan(deps: Deps, execution: Execution): Promise<'ended'> {
  await endAbandoned(deps, execution._id, {
    code: 'not_found',
    message: 'The execution was not started: its instance was deleted.',
  });
  return 'ended';
}

async function setSweptAt(deps: Deps, { _id }: Execution, ms: number): Promise<void> {
  await deps.store.executions.updateOne({ _id }, { $set: { sweptAt: new Date(ms) } });
}
