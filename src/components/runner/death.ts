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

const OUT_OF_MEMORY = /heap out of memory|Reached heap limit|Fatal process out of memory/;
const ENGINE_FAULT = /^(# Fatal error in |FATAL ERROR: )/m;

/**
 * Reads the cause of a death that we did not bring about. Its words are ours alone: what a process prints that several
 * share may be anybody's, and hold what only they may see.
 */
export function deathOf({ exitCode, signal: outer, stderr, memoryMb }: Exit): Death {
  const signal = outer ?? (exitCode === 1 && KILLED_INSIDE.test(stderr) ? 'SIGKILL' : null);
  if (OUT_OF_MEMORY.test(stderr)) return outOfMemory(memoryMb);
  const fault = ENGINE_FAULT.test(stderr) ? ' after a fatal error of the JavaScript engine' : '';
  if (signal !== null) {
    const hint = signal === 'SIGKILL' ? ', perhaps because the machine is short of memory' : '';
    return { code: 'runner_died', reason: `the runner process was ended by ${signal}${hint}${fault}` };
  }
  return { code: 'exited', reason: `the runner process exited with code ${exitCode ?? 'unknown'}${fault}` };
}

export function outOfMemory(memoryMb: number): Death {
  return { code: 'out_of_memory', reason: `the runner process ran out of memory (limit ${memoryMb} MB)` };
}

/**
 * The line of an error's message: Node prints its version last, and the stack above it. For a process whose code is all
 * of one author, who is the one to read it.
 */
export function errorLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? '').slice(0, 300);
}
