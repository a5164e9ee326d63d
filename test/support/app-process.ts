import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A built API or worker in a process of its own. */
interface AppProcess {
  child: ChildProcess;
  /** Exit code and signal. */
  ended: Promise<[number | null, string | null]>;
  stderr(): string;
}

export function startAppProcess(
  app: 'api' | 'worker',
  env: Record<string, string>,
  execArgv: string[] = [],
): AppProcess {
  const entry = join(__dirname, '..', '..', 'dist', app, 'main.js');
  const child = fork(entry, [], { env: { PATH: process.env['PATH'] ?? '', ...env }, execArgv, silent: true });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdout?.resume();
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return { child, ended, stderr: () => stderr };
}
