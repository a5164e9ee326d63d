import type { Logger } from '../../../config/logger';
import { isAppError } from '../../../errors';
import type { Deps } from '../../context';
import { sweepQueues } from '../queue/sweep-queues';
import { sweepRetries } from '../retry/sweep-retries';
import { clearDue } from './clear-due';
import { freeRoom } from './free-room';
import { reconcileOpen } from './reconcile-open';
import { startAccepted } from './start-accepted';
import { sweepRemoved } from './sweep-removed';
import { tellUntold } from './tell-untold';
import { wakeBehindWalks } from './wake-behind-walks';

const START_EVERY_MS = 2000;
const RECONCILE_EVERY_MS = 30_000;
const REMOVE_EVERY_MS = 10_000;
const FREE_EVERY_MS = 2000;
const QUEUES_EVERY_MS = 2000;
const STAGED_EVERY_MS = 600_000;
const TELL_EVERY_MS = 5000;
const WALKS_EVERY_MS = 1500;

/**
 * Repeats what a failure or a crash left undone: starts, ends and removals, each in a pass of its own. Every
 * API process sweeps; doing it twice is harmless.
 */
export function startSweeper(deps: Deps, logger: Logger): { stop(): void } {
  const passes = [
    repeat(logger, START_EVERY_MS, async () => {
      const { started, ended } = await startAccepted(deps, logger);
      if (started > 0) logger.info({ started }, 'started accepted executions that had not begun');
      if (ended > 0) logger.warn({ ended }, 'ended accepted executions whose instance is gone');
      return START_EVERY_MS;
    }),
    repeat(logger, RECONCILE_EVERY_MS, async () => {
      const { ended, hasMore } = await reconcileOpen(deps, logger);
      if (ended > 0) logger.warn({ ended }, 'ended executions whose workflow had been closed');
      return hasMore ? START_EVERY_MS : RECONCILE_EVERY_MS;
    }),
    repeat(logger, FREE_EVERY_MS, async () => {
      await freeRoom(deps);
      return FREE_EVERY_MS;
    }),
    repeat(logger, QUEUES_EVERY_MS, async () => {
      await sweepQueues(deps);
      await sweepRetries(deps);
      return QUEUES_EVERY_MS;
    }),
    repeat(logger, TELL_EVERY_MS, async () => {
      await tellUntold(deps);
      await clearDue(deps);
      return TELL_EVERY_MS;
    }),
    repeat(logger, WALKS_EVERY_MS, async () => {
      const { freed, untold } = await wakeBehindWalks(deps);
      if (freed > 0)
        logger.warn({ woken: freed }, 'woke executions whose worker gave no sign of life in a long call');
      if (untold > 0)
        logger.warn({ untold }, 'could not wake executions behind a long call; the next sweep repeats it');
      return WALKS_EVERY_MS;
    }),
    repeat(logger, STAGED_EVERY_MS, async () => {
      await deps.store.blobs.removeStaged();
      return STAGED_EVERY_MS;
    }),
    repeat(logger, REMOVE_EVERY_MS, async () => {
      await sweepRemoved(deps);
      return REMOVE_EVERY_MS;
    }),
  ];
  return {
    stop() {
      for (const { stop } of passes) stop();
    },
  };
}

/** Runs `pass` again and again; it answers after how many milliseconds. */
function repeat(logger: Logger, everyMs: number, pass: () => Promise<number>): { stop(): void } {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const run = async () => {
    let nextMs = everyMs;
    try {
      nextMs = await pass();
    } catch (error) {
      logger.warn(
        { reason: isAppError(error) ? error.code : String(error) },
        'a sweep failed; the next one repeats it',
      );
    }
    if (!isStopped) timer = setTimeout(() => void run(), nextMs);
  };
  timer = setTimeout(() => void run(), everyMs);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
