import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';
import type { Deps } from '../services/context';
import { databaseAway } from './dependency-fault';
import { sendProblem } from './error-response';
import { requestIdOf } from './response-headers';

/** Age at which an unanswered request first asks whether MongoDB is there; then again as often. */
const CHECK_AFTER_MS = 500;
/** Together with the above below the two seconds within which an outage must be answered. */
const PING_TIMEOUT_MS = 1100;
/** The driver gives a ping up after this; it counts the time in which this process itself stood still. */
const DRIVER_LIMIT_MS = 10_000;
/** A process that was busy gets this long to read an answer that is there already … */
const READ_GRACE_MS = 100;
/** … and again, while it is so busy that this time itself ends so many ms late, at most as often. */
const BUSY_LATE_MS = 20;
const MOST_GRACES = 20;

/**
 * Answers 503 for a request that hangs because MongoDB does. Operations fail by themselves when the server
 * is gone, but not when it is frozen and its sockets stay open. Slow requests are left alone while MongoDB
 * answers pings.
 */
export function watchStore(deps: Deps): RequestHandler {
  const isAnswering = sharedPing(deps);
  return (_req, res, next) => {
    const check = async () => {
      if (await isAnswering()) return;
      stopWatchingStore(res);
      sendProblem(res, databaseAway(), requestIdOf(res));
    };
    const timer = setInterval(() => void check(), CHECK_AFTER_MS).unref();
    res.locals['storeWatch'] = timer;
    res.once('close', () => clearInterval(timer));
    next();
  };
}

/** For handlers that wait for something else from here on and have a limit of their own. */
export function stopWatchingStore(res: Response): void {
  clearInterval(res.locals['storeWatch'] as NodeJS.Timeout | undefined);
}

/** One ping at a time, shared by all requests that wait. */
function sharedPing(deps: Deps): () => Promise<boolean> {
  let running: Promise<boolean> | null = null;
  return () => {
    running ??= pingOnce(deps).finally(() => {
      running = null;
    });
    return running;
  };
}

async function pingOnce(deps: Deps): Promise<boolean> {
  const decided = new AbortController();
  // The driver's own limit is no judge: in a busy process it comes before the sockets, where the answer may lie.
  const ping = deps.store.ping(DRIVER_LIMIT_MS).catch(() => false);
  return Promise.race([ping, notInTime(decided.signal)]).finally(() => decided.abort());
}

/** False once MongoDB had its time, and this process had the time to read its answer. */
async function notInTime(signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(PING_TIMEOUT_MS, undefined, { signal });
    for (let graces = 0; graces < MOST_GRACES; graces += 1) {
      const startedAt = performance.now();
      await sleep(READ_GRACE_MS, undefined, { signal });
      if (performance.now() - startedAt < READ_GRACE_MS + BUSY_LATE_MS) break;
    }
  } catch {
    // The ping was answered.
  }
  return false;
}
