import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLogLine } from '../../../src/dev/processes/log-file';

/** A process of the bench itself, which answers questions over its channel. */
export interface BenchProcess {
  pid: number;
  /** Rejects when it fails, ends, or does not answer within `limitMs`. */
  ask<T>(question: string, detail: unknown, limitMs: number): Promise<T>;
  stop(): Promise<void>;
}

export interface Question {
  id: number;
  question: string;
  detail: unknown;
}

export interface Reply {
  id: number;
  answer?: unknown;
  error?: string;
}

const STOP_LIMIT_MS = 5_000;

/** Starts a TypeScript file as a process of its own; it ends with its parent, since its channel closes. */
export function startBenchProcess(name: string, entry: string, logFile: string): BenchProcess {
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(entry, [], {
    execArgv: ['--require', require.resolve('tsx/cjs')],
    serialization: 'advanced',
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const open = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  child.on('message', (reply: Reply) => open.get(reply.id)?.(reply));
  child.once('exit', () => {
    const error = `The ${name} process ended: ${lastLogLine(logFile, 0) || 'it said nothing'}`;
    for (const settle of open.values()) settle({ id: 0, error });
  });
  return {
    pid: child.pid ?? 0,
    ask<T>(question: string, detail: unknown, limitMs: number) {
      const id = asked;
      asked += 1;
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(
          () =>
            open.get(id)?.({ id, error: `The ${name} process did not "${question}" within ${limitMs} ms.` }),
          limitMs,
        );
        open.set(id, ({ answer, error }) => {
          clearTimeout(timer);
          open.delete(id);
          if (error === undefined) resolve(answer as T);
          else reject(new Error(error));
        });
        child.send({ id, question, detail } satisfies Question, (error) => {
          if (error) open.get(id)?.({ id, error: `The ${name} process has ended.` });
        });
      });
    },
    stop: () => stop(child, exited),
  };
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.connected) child.disconnect();
  const isGone = await Promise.race([exited.then(() => true), sleep(STOP_LIMIT_MS, false, { ref: false })]);
  if (!isGone) child.kill('SIGKILL');
  await exited;
}
