/** Starts on their way at once; more would only queue at the server. */
const MAX_UNDERWAY = 32;
/** Starts that wait in memory; beyond, the sweeper takes them from the store. */
const MAX_WAITING = 10_000;

const waiting: (() => Promise<void>)[] = [];
let underway = 0;

/**
 * Runs a start behind the answer to its caller. A start that fails or does not fit is dropped here without
 * loss: its execution is stored, and the sweeper starts it.
 */
export function startLater(start: () => Promise<void>): void {
  if (waiting.length >= MAX_WAITING) return;
  waiting.push(start);
  next();
}

function next(): void {
  while (underway < MAX_UNDERWAY) {
    const start = waiting.shift();
    if (!start) return;
    underway += 1;
    void start()
      .catch(() => undefined)
      .finally(() => {
        underway -= 1;
        next();
      });
  }
}
