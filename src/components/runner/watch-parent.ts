import { Worker } from 'node:worker_threads';

const CHECK_EVERY_MS = 2_000;

/**
 * Ends this process when its parent is gone, even while component code blocks the main thread: that thread
 * would never see the channel close, and an endless loop would outlive its worker for good.
 */
export function watchParent(): void {
  // In a process table of its own it has no parent, and is ended by the system.
  if (process.ppid === 0) return;
  const code = `
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    }, ${CHECK_EVERY_MS});`;
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };
  new Worker(code, { eval: true, resourceLimits }).unref();
}
