import { setTimeout as sleep } from 'node:timers/promises';
import { TOO_LARGE } from './read-bytes';
import type { HttpAnswer } from './response';

export interface RetryOptions {
  timeout: number | undefined;
  maxRetries: number | undefined;
  retryDelayMS: number | undefined;
  useExponentialBackoff: boolean;
  retryOnAllErrors: boolean;
}

/** A request that got an answer, or none for the reason given. */
type Attempt = { answer: HttpAnswer } | { error: unknown };

/**
 * Repeats a request as its options say: after a status of 500 and above or without an answer in time, with
 * `retryOnAllErrors` after any status but 200 to 299 and any error; not after an answer that is too large. Throws the
 * last error.
 */
export async function withRetries(
  options: RetryOptions,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  for (let retry = 0; ; retry += 1) {
    const attempt = await send().then(
      (answer): Attempt => ({ answer }),
      (error: unknown): Attempt => ({ error }),
    );
    if (retry >= (options.maxRetries ?? 0) || !isRetried(attempt, options)) {
      if ('error' in attempt) throw attempt.error;
      return attempt.answer;
    }
    const delay = delayMs(retry + 1, attempt, options);
    if (delay > 0) await sleep(delay);
  }
}

function isRetried(attempt: Attempt, { retryOnAllErrors }: RetryOptions): boolean {
  if ('error' in attempt) {
    const { code } = attempt.error as { code?: unknown };
    return code !== TOO_LARGE && (retryOnAllErrors || code !== 'ECONNABORTED');
  }
  const { status } = attempt.answer;
  return retryOnAllErrors ? status < 200 || status > 299 : status >= 500;
}

/** Doubling from 200 ms, not before the time that the answer asks for, spread by a fifth. */
function delayMs(
  retry: number,
  attempt: Attempt,
  { useExponentialBackoff, retryDelayMS }: RetryOptions,
): number {
  if (!useExponentialBackoff) return retryDelayMS ?? 0;
  const asked = 'answer' in attempt ? attempt.answer.headers['retry-after'] : undefined;
  const delay = Math.max(2 ** retry * 100, askedMs(asked));
  return delay * (1 + 0.2 * Math.random());
}

function askedMs(retryAfter: unknown): number {
  if (typeof retryAfter !== 'string') return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) || ms < 0 ? 0 : ms;
}
