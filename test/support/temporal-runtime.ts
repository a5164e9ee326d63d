import type { Runtime } from '@temporalio/worker';

let isInstalled = false;

/** Keeps Temporal's own log out of the tests' output; once a process. */
export function silentRuntime(runtime: typeof Runtime): void {
  if (isInstalled) return;
  isInstalled = true;
  const nothing = () => undefined;
  runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
    logger: { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
}
