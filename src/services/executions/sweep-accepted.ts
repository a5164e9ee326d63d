import type { Logger } from '../../config/logger';
import { isAppError } from '../../errors';
import type { Deps } from '../context';
import { startExecution } from './start-execution';

const EVERY_MS = 2000;
const BATCH = 200;
/** A start that was tried is tried again after this long. */
const AGAIN_AFTER_MS = 30_000;

/**
 * Starts what was accepted a while ago and has not begun: its start failed, or the process died before it.
 * Every API process sweeps; starting twice is harmless.
 */
export function startSweeper(deps: Deps, logger: Logger): { stop(): void } {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const pass = async () => {
    try {
      const started = await sweepAccepted(deps);
      if (started > 0) logger.info({ started }, 'started accepted executions that had not begun');
    } catch (error) {
      logger.warn(
        { reason: isAppError(error) ? error.code : String(error) },
        'a sweep failed; the next one repeats it',
      );
    }
    if (!isStopped) timer = setTimeout(() => void pass(), EVERY_MS);
  };
  timer = setTimeout(() => void pass(), EVERY_MS);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** One pass; answers how many executions it started. */
export async function sweepAccepted(deps: Deps): Promise<number> {
  const now = Date.now();
  const found = await deps.store.executions
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
    .lean();
  for (const execution of found) {
    const instance = await deps.store.instances
      .findById(execution.instanceId, { name: 1, stepsPerActivity: 1 })
      .lean();
    if (!instance) continue;
    await startExecution(deps, execution, {
      stepsPerActivity: instance.stepsPerActivity,
      instanceName: instance.name,
    });
    await deps.store.executions.updateOne({ _id: execution._id }, { $set: { sweptAt: new Date() } });
  }
  return found.length;
}
