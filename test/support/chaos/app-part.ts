import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './part';

const DIST = join(__dirname, '..', '..', '..', 'dist');

/** The built API or worker. */
export interface AppPart extends Part {
  /** Process id of the one that lives now. */
  pid(): number;
}

/** The built API or worker in a process of its own, not started yet; it writes to one log over all its lives. */
export function appPart(app: 'api' | 'worker', env: Record<string, string>, logFile: string): AppPart {
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();
  return {
    name: app === 'api' ? 'API' : 'worker',
    pid: () => child?.pid ?? 0,
    async start() {
      const log = openSync(logFile, 'a', 0o600);
      child = fork(join(DIST, app, 'main.js'), [], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        execArgv: ['--enable-source-maps'],
        stdio: ['ignore', log, log, 'ipc'],
      });
      closeSync(log);
      exited = once(child, 'exit');
      const early = exited.then(() => {
        throw new Error(`The ${app} ended before it was ready; its log is ${logFile}.`);
      });
      early.catch(() => undefined);
      await Promise.race([once(child, 'message'), early]);
    },
    async kill() {
      // Not its children: what it started must notice by itself.
      child?.kill('SIGKILL');
      await exited;
    },
  };
}
