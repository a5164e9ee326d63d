import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger';

const FLUSH_LIMIT_MS = 2000;

/**
 * Ends the process with code 1 after an error that nobody handled, since what it left half-done is unknown: the
 * supervisor starts a fresh one. `flush` may write what is buffered before, for at most two seconds. Call what it
 * answers when the process ends in order: calls that a closed connection cuts off are no crash any more.
 */
export function endOnCrash(logger: Logger, flush: () => Promise<unknown>): () => void {
  let isClosing = false;
  let isEnding = false;
  const end = (kind: string, thrown: unknown) => {
    const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    if (isClosing) {
      logger.debug({ kind, reason }, 'cut off by the end of the process');
      return;
    }
    logger.fatal({ kind, reason }, 'a fault of our own; the process ends');
    if (isEnding) return;
    isEnding = true;
    const flushed = flush().catch(() => undefined);
    void Promise.race([flushed, sleep(FLUSH_LIMIT_MS)]).then(() => process.exit(1));
  };
  process.on('uncaughtException', (error) => end('uncaughtException', error));
  process.on('unhandledRejection', (reason) => end('unhandledRejection', reason));
  return () => {
    isClosing = true;
  };
}
