import { readFileSync } from 'node:fs';

/** Deeper chains of processes than those that we start are not followed. */
const DEEPEST = 8;

/** Bytes of memory that a process and those below it occupy; 0 where the system does not tell. Source: proc(5). */
export function memoryOfTree(pid: number, depth = 0): number {
  const own = Number(/^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
  if (depth === DEEPEST) return own;
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').map(Number).filter(Boolean);
  return children.reduce((sum, child) => sum + memoryOfTree(child, depth + 1), own);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
