import { setTimeout as sleep } from 'node:timers/promises';
import { loopLagMs } from './loop-lag';
import { RecentWriters } from './recent-writers';

/** So many items that wait while a write is on its way are worth one beside it. */
const CROWD = 16;
/** A write of so many items shows a busy process: more will come in a moment, and go together. */
const BUSY_FROM = 4;
const LEAST_PAUSE_MS = 2;
const MOST_PAUSE_MS = 8;
/** A process that comes to what is due sooner has time for a write each, and those who wait for it lose none. */
const LATE_MS = 3;

interface GroupCommitOptions<T> {
  maxItems: number;
  /**
   * Writes that may be on their way at once. With one, callers that all wait for their write come back all at once, and
   * process and store work in turns instead of side by side.
   */
  lanes?: number;
  /**
   * Who writes an item. Given, a write of a busy process waits some milliseconds where several others wrote a moment ago:
   * no longer than what is due waits there anyway.
   */
  sourceOf?: (item: T) => string;
  /** How late the process comes to what is due, ms. */
  lateMs?: () => number;
}

/**
 * Group commit: items that arrive while a write is on its way go together with the next one. A quiet caller
 * waits for its own write alone; a busy process writes in bulk.
 */
export function groupCommit<T, R = void>(
  { maxItems, lanes = 1, sourceOf, lateMs = loopLagMs }: GroupCommitOptions<T>,
  /** Writes the items and answers, for each, its result or its error. Rejects when none was written. */
  write: (items: T[]) => Promise<(R | Error | undefined)[]>,
): (item: T) => Promise<R> {
  interface Waiting {
    item: T;
    resolve(result: R): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let writing = 0;

  const writers = new RecentWriters();
  const isWorthALane = (others: number) => waiting.length >= (others === 0 ? 1 : CROWD);

  const drain = async () => {
    writing += 1;
    // What arrives in the same turn goes together from the first write on.
    await Promise.resolve();
    while (isWorthALane(writing - 1)) {
      const patience = sourceOf && waiting.length < CROWD ? Math.min(MOST_PAUSE_MS, lateMs()) : 0;
      if (patience >= LATE_MS && writers.areSeveral()) {
        await sleep(patience);
        if (!isWorthALane(writing - 1)) break;
      }
      const group = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      try {
        const results = await write(group.map(({ item }) => item));
        for (const [at, { resolve, reject }] of group.entries()) {
          const result = results[at];
          if (result instanceof Error) reject(result);
          else resolve(result as R);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      if (group.length >= BUSY_FROM && waiting.length < maxItems) await sleep(pauseMs(group.length));
    }
    writing -= 1;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (sourceOf) writers.note(sourceOf(item));
      if (writing < lanes && isWorthALane(writing)) void drain();
    });
}

/** The busier, the longer: the writes stay as many, and each takes more along. */
function pauseMs(items: number): number {
  return Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, Math.round(items / 4)));
}
