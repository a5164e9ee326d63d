import { setTimeout as sleep } from 'node:timers/promises';
import { FairQueue } from '../../../fair-queue';
import { loopLagMs } from '../../loop-lag';

/** On their way at once in this process; more would only queue at the server. */
const MOST_UNDERWAY = 2;
/** A process that is less late has nothing to wait for, ms. */
const LEAST_LAG_MS = 10;
/** Nobody is held for longer, ms. */
const MOST_HELD_MS = 500;

let underway = 0;
const waiting = new FairQueue<() => void>();

/**
 * Runs what lets an execution go on in a driver of its own when it is its turn: one of each customer, and slower the later
 * this process is. A driver costs what ten executions cost, here as well: hundreds of them begun at once (a customer's
 * thousand runs that sleep) would keep everybody else waiting for seconds.
 */
export async function inTurn(customerId: string | null, start: () => Promise<void>): Promise<void> {
  if (underway < MOST_UNDERWAY) underway += 1;
  else await new Promise<void>((resolve) => waiting.push(customerId ?? '', resolve));
  try {
    const lagMs = loopLagMs();
    if (lagMs >= LEAST_LAG_MS) await sleep(Math.min(lagMs, MOST_HELD_MS));
    await start();
  } finally {
    // Whose turn comes next has the place of the one that goes.
    const [next] = waiting.take(1, (_, count) => count);
    if (next) next();
    else underway -= 1;
  }
}
