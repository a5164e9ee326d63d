/**
 * Group commit: items that arrive while a write is on its way go together with the next one. A quiet caller
 * waits for its own write alone; a busy process writes in bulk.
 */
export function groupCommit<T>(
  maxItems: number,
  /** Writes the items and answers, for each, its error or undefined. Rejects when none was written. */
  write: (items: T[]) => Promise<(Error | undefined)[]>,
): (item: T) => Promise<void> {
  interface Waiting {
    item: T;
    resolve(): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let isWriting = false;

  const drain = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      try {
        const errors = await write(group.map(({ item }) => item));
        for (const [at, { resolve, reject }] of group.entries()) {
          if (errors[at]) reject(errors[at]);
          else resolve();
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isWriting = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void drain();
    });
}
