import type { Logger } from '../../../config/logger';
import { isAppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { startExecution } from '../accept/start-execution';
import { endAbandoned } from './end-abandoned';

const BATCH = 200;
/** A start that was tried is tried again after this long. */
const AGAIN_AFTER_MS = 30_000;
/** After this long if the workflow engine was away. */
const AGAIN_AFTER_OUTAGE_MS = 5000;

/**
 * One pass over what was accepted a while ago and has not begun: its start failed, or the process died before
 * it. One execution that cannot be started holds up no other; only an outage of the workflow engine stops the
 * pass, with `dependency_unavailable`.
 */
export async function startAccepted(deps: Deps, logger: Logger): Promise<{ started: number; ended: number }> {
  const count = { started: 0, ended: 0 };
  for (const execution of await findDue(deps)) {
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
  const instance = await deps.store.instances
    .findById(execution.instanceId, { name: 1, stepsPerActivity: 1 })
    .lean();
  if (!instance) {
    await endAbandoned(deps, execution._id, {
      code: 'not_found',
      message: 'The execution was not started: its instance was deleted.',
    });
    return 'ended';
  }
  await startExecution(deps, execution, {
    stepsPerActivity: instance.stepsPerActivity,
    instanceName: instance.name,
  });
  return 'started';
}

function findDue(deps: Deps): Promise<Execution[]> {
  const now = Date.now();
  return deps.store.executions
    .find(
      {
        phase: 'accepted',
        acceptedAt: { $lt: new Date(now - deps.env.TENON_SWEEP_AFTER_SECONDS * 1000) },
        $or: [{ sweptAt: null }, { sweptAt: { $lt: new Date(now - AGAIN_AFTER_MS) } }],
      },
      { request: 0 },
    )
    .sort({ acceptedAt: 1 })
    .limit(BATCH)
    .lean<Execution[]>();
}

async function setSweptAt(deps: Deps, { _id }: Execution, ms: number): Promise<void> {
  await deps.store.executions.updateOne({ _id }, { $set: { sweptAt: new Date(ms) } });
}
