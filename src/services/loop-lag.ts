/** Between two looks at the clock. */
const EVERY_MS = 20;
/** Older lags count less: after so long about a third. */
const MEMORY_MS = 500;

let lagMs = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * How late this process' event loop comes to what is due, in ms, over the last half second and by time: one pause of
 * 200 ms weighs as much as ten of 20. 0 at the first call, which begins the watch.
 */
export function loopLagMs(): number {
  timer ??= watch();
  return Math.round(lagMs);
}

function watch(): NodeJS.Timeout {
  let lookedAt = performance.now();
  return setInterval(() => {
    const now = performance.now();
    const tookMs = now - lookedAt;
    lookedAt = now;
    lagMs += (1 - Math.exp(-tookMs / MEMORY_MS)) * (Math.max(0, tookMs - EVERY_MS) - lagMs);
  }, EVERY_MS).unref();
}
