import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger';

const RETRY_MS = 1000;

/**
 * Tries until it succeeds: a process may be started before the servers that it works with. Rejects with the
 * signal's reason when that aborts, also while a try hangs.
 */
export async function untilReached<T>(
  what: string,
  logger: Logger,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const stop = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  stop.catch(() => undefined);
  for (;;) {
    signal.throwIfAborted();
    try {
      return await Promise.race([attempt(), stop]);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ reason }, `${what}; trying again`);
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}
