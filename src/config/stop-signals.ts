import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

/** npm passes a terminal's Ctrl-C on, so that one press may arrive twice. */
const SAME_PRESS_MS = 700;

/** Aborts at the first SIGTERM or SIGINT, or when the parent is gone. A second signal ends the process at once. */
export function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  // Everything that is under way listens to it, thousands of runs at times: that is no leak.
  setMaxListeners(0, stopping.signal);
  let stoppedAtMs = 0;
  const stop = () => {
    stoppedAtMs = Date.now();
    stopping.abort();
  };
  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => {
    if (!stopping.signal.aborted) stop();
    else if (Date.now() - stoppedAtMs > SAME_PRESS_MS) process.exit(128 + constants.signals[signal]);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // The parent is gone: nobody else would stop us.
  process.on('disconnect', () => stopping.signal.aborted || stop());
  // Listening to it must not keep a process alive that has stopped.
  process.channel?.unref();
  return stopping.signal;
}

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
