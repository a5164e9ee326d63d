import type { RunDeps } from './run-deps';

interface Walk {
  stop(): void;
  ended: Promise<unknown>;
}

/** What this worker is walking at the moment, by execution or batch. */
const walks = new WeakMap<RunDeps, Map<string, Walk>>();

/**
 * Does the work when no other work on the same thing goes on in this worker. Temporal hands a segment out again
 * when it takes this worker for dead, which it may only be slow: then the former walk is still here. It is asked
 * to stop at its next step boundary, and what it finishes until then is in the journal that the new one reads. The work's
 * signal is aborted then, and with the given one.
 */
export async function walkAlone<T>(
  deps: RunDeps,
  { key, signal }: { key: string; signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const mine = walks.get(deps) ?? new Map<string, Walk>();
  walks.set(deps, mine);
  for (let former = mine.get(key); former; former = mine.get(key)) {
    former.stop();
    await former.ended;
  }
  // `AbortSignal.any` is for signals whose end nobody sees: it keeps weak references, each of which the collector visits.
  const stopping = new AbortController();
  const stop = () => stopping.abort(signal.reason);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const done = work(stopping.signal);
  mine.set(key, { stop, ended: done.catch(() => undefined) });
  try {
    return await done;
  } finally {
    mine.delete(key);
    signal.removeEventListener('abort', stop);
  }
}
