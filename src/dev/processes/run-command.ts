import { spawn } from 'node:child_process';
import { signalGroup, watchParent } from './parent-watch';

export interface CommandOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Ends the command and all it started. */
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Called with every line of either stream. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
}

const KEPT_CHARACTERS = 20_000;

/**
 * Runs a program to its end. Rejects with one line that says why: not there, its exit code with the last
 * thing it said, or too slow.
 */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    const unwatch = pid === undefined ? () => undefined : watchParent(pid);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      const takeLine = splitLines(options.onLine ?? (() => undefined));
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] = (output[stream] + text).slice(-KEPT_CHARACTERS);
        takeLine(text);
      });
    }

    let failure: string | undefined;
    const end = (reason: string) => {
      failure ??= reason;
      if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    };
    const timer = setTimeout(
      () => end(`no end after ${Math.round((options.timeoutMs ?? 0) / 1000)} s`),
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    const onAbort = () => end('interrupted');
    options.signal?.addEventListener('abort', onAbort);
    if (options.signal?.aborted === true) onAbort();
    const settle = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      unwatch();
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(new Error(error.code === 'ENOENT' ? `${command} is not there` : error.message));
    });
    child.on('close', (code, signal) => {
      settle();
      if (failure === undefined && code === 0) return resolve(output);
      const said = lastLine(output.stderr) || lastLine(output.stdout);
      const ended = failure ?? (code === null ? `ended by ${signal}` : `exit code ${code}`);
      reject(new Error(said === '' ? `${command}: ${ended}` : `${command}: ${ended}: ${said}`));
    });
  });
}

function splitLines(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
