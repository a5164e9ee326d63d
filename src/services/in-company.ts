/** Who waited for long may wait a little longer: a fiftieth of that, ms. */
const PART = 50;
const MOST_MS = 50;

/** How long a write may wait for others, by how long what it writes of has taken; below a millisecond not at all. */
export const patienceMs = (tookMs: number): number =>
  Math.max(0, Math.min(MOST_MS, Math.floor(tookMs / PART)));

/** Items that may wait for others before they are written. */
export interface Company<T, R> {
  /** Writes the item within so many milliseconds: at the latest with the first one that may not wait. */
  add(item: T, withinMs: number): Promise<R>;
  /** Writes now whatever waits. */
  hurry(): void;
}

/** Lets items that may wait go together with those that may not, in the order in which they came. */
export function inCompany<T, R>(write: (item: T) => Promise<R>): Company<T, R> {
  let waiting: (() => void)[] = [];
  let dueAtMs = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const hurry = (): void => {
    clearTimeout(timer);
    dueAtMs = Number.POSITIVE_INFINITY;
    const due = waiting;
    waiting = [];
    for (const go of due) go();
  };
  const hurryWithin = (ms: number): void => {
    const atMs = Date.now() + ms;
    if (atMs >= dueAtMs) return;
    dueAtMs = atMs;
    clearTimeout(timer);
    timer = setTimeout(hurry, ms);
  };
  return {
    add: (item, withinMs) =>
      new Promise((resolve, reject) => {
        waiting.push(() => void write(item).then(resolve, reject));
        if (withinMs < 1) hurry();
        else hurryWithin(withinMs);
      }),
    hurry,
  };
}
