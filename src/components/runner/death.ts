import type { PerformError } from './contract';

/** How a runner process ended. */
export interface Death {
  /** What a call gets that alone can have caused it. */
  code: PerformError['code'];
  reason: string;
}

interface Exit {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** The end of what it printed. */
  stderr: string;
  memoryMb: number;
}

/** What the program says that watches over a process table when its process was killed; its own exit code is 1. */
const KILLED_INSIDE = /^unshare: .* failed/m;

/** Reads the cause of a death that we did not bring about. */
export function deathOf({ exitCode, signal: outer, stderr, memoryMb }: Exit): Death {
  const signal = outer ?? (exitCode === 1 && KILLED_INSIDE.test(stderr) ? 'SIGKILL' : null);
  if (/heap out of memory|Reached heap limit/.test(stderr)) return outOfMemory(memoryMb);
  if (signal !== null) {
    const hint = signal === 'SIGKILL' ? ', perhaps because the machine is short of memory' : '';
    return { code: 'runner_died', reason: `the runner process was ended by ${signal}${hint}` };
  }
  const printed = lastLine(stderr);
  const tail = exitCode !== 0 && printed !== '' ? ` (${printed})` : '';
  return { code: 'exited', reason: `the runner process exited with code ${exitCode ?? 'unknown'}${tail}` };
}

export function outOfMemory(memoryMb: number): Death {
  return { code: 'out_of_memory', reason: `the runner process ran out of memory (limit ${memoryMb} MB)` };
}

/** The line of an error's message: Node prints its version last, and the stack above it. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? '').slice(0, 300);
}
