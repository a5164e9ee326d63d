import type { RequestHandler, Response } from 'express';
import type { Deps } from '../services/context';
import { databaseAway } from './dependency-fault';
import { sendProblem } from './error-response';
import { requestIdOf } from './response-headers';

/** Age at which an unanswered request first asks whether MongoDB is there; then again as often. */
const CHECK_AFTER_MS = 500;
/** Together with the above below the two seconds within which an outage must be answered. */
const PING_TIMEOUT_MS = 1100;
/** A process that was busy gets this long to read an answer that is there already. */
const READ_GRACE_MS = 100;

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
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    // Two turns: after a long pause a timer comes before the sockets, where the answer may lie.
    timer = setTimeout(() => {
      timer = setTimeout(() => resolve(false), READ_GRACE_MS);
    }, PING_TIMEOUT_MS);
  });
  const ping = deps.store.ping(PING_TIMEOUT_MS).catch(() => false);
  return Promise.race([ping, late]).finally(() => clearTimeout(timer));
}
