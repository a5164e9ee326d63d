import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '../../config/env';
import type { Logger } from '../../config/logger';
import { probeFairness } from '../../temporal/fairness-probe';
import type { WorkerHealth } from './worker-health';

/** Work that waited for the worker goes first. */
const FIRST_AFTER_MS = 1500;
const AGAIN_AFTER_MS = 30_000;
const TRIES = 3;

/** Finds out whether the server shares its queues fairly, and says so in the log and in the worker's health. */
export async function checkFairness(env: Env, logger: Logger, health: WorkerHealth): Promise<void> {
  const signal = health.stopping;
  let reason = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    await sleep(tries === 0 ? FIRST_AFTER_MS : AGAIN_AFTER_MS, undefined, { signal, ref: false });
    try {
      health.fairness = await probeFairness(env);
      report(logger, health.fairness);
      return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      signal.throwIfAborted();
    }
  }
  logger.warn({ fairness: 'unknown', reason }, 'whether the Temporal server is fair could not be tried');
}

function report(logger: Logger, fairness: 'honoured' | 'ignored'): void {
  if (fairness === 'honoured') {
    logger.info({ fairness }, 'the Temporal server shares its queues fairly between customers');
    return;
  }
  const remedy = 'matching.enableFairness=true in the dynamic configuration of the Temporal server';
  logger.warn(
    { fairness, remedy },
    'the Temporal server ignores fairness keys: the backlog of one customer delays all others',
  );
}
