import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../until';
import type { Part } from './part';

const ENTRY = join('components', 'runner', 'main.js');

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** One runner process of a worker, picked anew for each kill. The worker itself starts the next one. */
export function runnerPart(workerPid: () => number, random: () => number): Part {
  return {
    name: 'runner',
    async kill() {
      const pids = await until('a runner process', () => {
        const found = runnersOf(workerPid());
        return found.length > 0 && found;
      });
      const pid = pids[Math.floor(random() * pids.length)]!;
      process.kill(pid, 'SIGKILL');
      await until('its end', () => !runnersOf(workerPid()).includes(pid));
    },
    start: async () => undefined,
  };
}

/** Whether any of these processes lives and is still a runner. */
export function liveRunners(pids: readonly number[]): number[] {
  const alive = new Set(
    listProcesses()
      .filter(isRunner)
      .map(({ pid }) => pid),
  );
  return pids.filter((pid) => alive.has(pid));
}

/** The processes that run the components' code, without the programs that keep them apart from the machine. */
export function runnersOf(workerPid: number): number[] {
  const all = listProcesses();
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(workerPid)
    .filter((one) => isRunner(one) && !all.some(({ parent }) => parent === one.pid))
    .map(({ pid }) => pid);
}

const isRunner = ({ command }: Process): boolean => command.includes(ENTRY);

function listProcesses(): Process[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\n')
    .flatMap((row) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
    });
}
