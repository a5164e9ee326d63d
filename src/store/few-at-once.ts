/** Lets at most `most` pieces of work run at once; further ones wait for their turn, in order. */
export function fewAtOnce(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let underway = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (underway >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else underway += 1;
    try {
      return await work();
    } finally {
      // The turn is handed on, not given back: nobody can come in between.
      const next = waiting.shift();
      if (next) next();
      else underway -= 1;
    }
  };
}
