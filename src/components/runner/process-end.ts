import type { ChildProcess } from 'node:child_process';

/** How long output is waited for that a dead process left behind. */
const DRAIN_LIMIT_MS = 500;

export interface End {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** Waits for the end of a process, and for what it sent and printed last. */
export async function endOf(
  child: ChildProcess,
  { onError, onExit }: { onError: (error: Error) => void; onExit: () => void },
): Promise<End> {
  const end = await new Promise<End>((resolve) => {
    child.once('error', (error) => {
      onError(error);
      if (child.pid === undefined) resolve({ exitCode: null, signal: null });
    });
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  onExit();
  // Messages that it sent at the end, and what it printed, come after its exit.
  if (child.pid !== undefined)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DRAIN_LIMIT_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  // What was killed may be the process that watches over the runner, before the runner was tied to it.
  if (child.connected) child.disconnect();
  return end;
}
