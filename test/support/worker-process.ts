import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A built worker in a process of its own, which a test may kill. */
export interface WorkerProcess {
  process: ChildProcess;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator would. */
  stop(): Promise<void>;
}

/** Starts it, with further arguments for Node, and waits until it polls. Rejects when it exits before. */
export async function startWorkerProcess(
  env: Record<string, string>,
  execArgv: string[] = [],
): Promise<WorkerProcess> {
  const entry = join(__dirname, '..', '..', 'dist', 'worker', 'main.js');
  const child = fork(entry, [], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The worker exited with ${code} before it was ready.`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { process: child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
