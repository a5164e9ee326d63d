import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import { aborted } from '../config/stop-signals';

/** What Temporal's worker needs beyond the limit, to report the segments that were given up. */
const MARGIN_MS = 3000;

/**
 * Runs the worker until it was asked to stop and has. Then it takes no new work, and segments hand over at
 * their next step; Temporal's worker gives those up that last longer than the limit. False when it has not
 * ended even then. Rejects when it fails.
 */
export function runUntilStopped(worker: Worker, stopping: AbortSignal, limitMs: number): Promise<boolean> {
  const ended = worker.run().then(() => true);
  const isLate = aborted(stopping).then(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await sleep(limitMs + MARGIN_MS, undefined, { ref: false });
    return false;
  });
  return Promise.race([ended, isLate]);
}
