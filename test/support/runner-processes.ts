import { execFileSync } from 'node:child_process';

/** The runner processes below this one, seen from outside: in a process table of its own a runner is number 1. */
export const runnerPids = (): number[] => runnerPidsBelow(process.pid);

/** The runner processes below another one. */
export function runnerPidsBelow(top: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [])
    .map(([, pid, parent, state = '', command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      state,
      command,
    }));
  const below = new Set([top]);
  // Children have higher numbers nearly always; a second pass finds the rest.
  for (let pass = 0; pass < 4; pass += 1)
    for (const { pid, parent } of rows) if (below.has(parent)) below.add(pid);
  return rows
    .filter(({ pid, state }) => below.has(pid) && !state.startsWith('Z'))
    .filter(({ command }) => /^\S*node\s.*components\/runner\/main\.js/.test(command))
    .map(({ pid }) => pid);
}

/** Waits until a condition holds; throws after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('The condition did not come true within 10 s.');
}
