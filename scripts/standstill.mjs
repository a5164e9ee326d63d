import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const TICK_MS = 100;

/** Sleeps a tick at a time, and keeps the longest time that it overslept. */
const WATCHER = `
const { workerData: longest } = require('node:worker_threads');
let wakeMs = performance.now() + ${TICK_MS};
setInterval(() => {
  const nowMs = performance.now();
  Atomics.store(longest, 0, Math.max(Atomics.load(longest, 0), Math.floor(nowMs - wakeMs)));
  wakeMs = nowMs + ${TICK_MS};
}, ${TICK_MS});
`;

/**
 * Watches from a thread of its own, also while this one waits for a child, for how long at most the machine let nothing
 * run. `longestMs` is that of the time since it resolved.
 */
export async function watchStandstill() {
  const longest = new Int32Array(new SharedArrayBuffer(4));
  const watcher = new Worker(WATCHER, { eval: true, workerData: longest });
  await once(watcher, 'online');
  watcher.unref();
  return { longestMs: () => Atomics.load(longest, 0) };
}
