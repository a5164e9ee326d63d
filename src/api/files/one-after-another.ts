let last: Promise<unknown> = Promise.resolve();

/** Runs what needs much memory when all that was given before has ended: the process has room for one. */
export function oneAfterAnother<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work, work);
  last = done.catch(() => undefined);
  return done;
}
