import { setTimeout as sleep } from 'node:timers/promises';
import { isAwayFromCall } from '../../store/is-away';

const PATIENCE = {
  /**
   * Longer than a replica set takes for another primary (some 10 s) or a server for starting again, shorter than what
   * people wait for a worker that seems to be stuck.
   */
  limitMs: 45_000,
  everyMs: 500,
};

/**
 * Does the work, and does it again while MongoDB is away; rejects with its error when that lasts too long, and with any
 * other at once. `isAgain`: former tries may have done it, or may do so yet.
 */
export async function outliveOutage<T>(
  work: (isAgain: boolean) => Promise<T>,
  { limitMs, everyMs } = PATIENCE,
): Promise<T> {
  const untilMs = Date.now() + limitMs;
  for (let isAgain = false; ; isAgain = true) {
    try {
      return await work(isAgain);
    } catch (error) {
      if (!isAwayFromCall(error) || Date.now() >= untilMs) throw error;
      // No reason for a process to stay.
      await sleep(everyMs, undefined, { ref: false });
    }
  }
}
