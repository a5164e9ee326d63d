import { Semaphore } from 'async-mutex';
import { onePer } from '../services/one-per';
import type { Execution } from '../store/models/execution.model';
import type { RunDeps } from './run-deps';

const MB = 2 ** 20;
/** Megabytes of request bodies whose executions one worker walks at once; each is in memory several times over. */
const MOST_MB = 8;
/** A slow execution holds the others up no longer than this. */
const HELD_MS = 1000;

const roomOf = onePer((_deps: RunDeps) => new Semaphore(MOST_MB));

/** Walks an execution, one with a large body when there is room for it among the others: in order of arrival. */
export async function walkWithinMemory<T>(
  deps: RunDeps,
  { request }: Pick<Execution, 'request'>,
  walk: () => Promise<T>,
): Promise<T> {
  const weight = Math.min(Math.floor(request.bodyBytes / MB), MOST_MB);
  if (weight === 0) return walk();
  const [, release] = await roomOf(deps).acquire(weight);
  const timer = setTimeout(release, HELD_MS);
  try {
    return await walk();
  } finally {
    clearTimeout(timer);
    release();
  }
}
