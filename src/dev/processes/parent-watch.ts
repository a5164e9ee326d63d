import { spawn } from 'node:child_process';

/**
 * The shell waits for its standard input to end, which happens when this process dies in whatever way, and
 * then ends the process group: politely, and after ten seconds by force.
 */
const SCRIPT = `
while read -r line; do :; done
kill -TERM "$1" 2>/dev/null || exit 0
tries=0
while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 10 ]; do sleep 1; tries=$((tries + 1)); done
kill -KILL -- "-$1" 2>/dev/null
`;

/**
 * Ends the process group of `pid` should this process die without doing so. Call the returned function once
 * the group has ended. Needs a group leader: a child spawned with `detached: true`.
 */
export function watchParent(pid: number): () => void {
  const watcher = spawn('sh', ['-c', SCRIPT, 'tenon-watch', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as { unref?: () => void }).unref?.();
  return () => {
    watcher.kill('SIGKILL');
  };
}

/** Signals a whole process group; nothing happens when it is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No such group any more.
  }
}
