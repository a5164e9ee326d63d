import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup } from './parent-watch';
import { processIdentity } from './process-identity';

interface Entry {
  name: string;
  pid: number;
  identity: string;
}

/** The file that lists the processes a run has started, so that the next run can end what a crash left. */
export interface ProcessRegister {
  add(name: string, pid: number): void;
  remove(pid: number): void;
}

export function openProcessRegister(file: string): ProcessRegister {
  let entries: Entry[] = [];
  const save = () => {
    try {
      // A half-written list would lose processes, so the new one replaces the old as a whole.
      writeFileSync(`${file}.new`, JSON.stringify(entries, null, 2), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // Somebody removed the data folder under us: the list is of no use then.
    }
  };
  return {
    add(name, pid) {
      const identity = processIdentity(pid);
      if (identity === undefined) return;
      entries = [...entries.filter((entry) => entry.pid !== pid), { name, pid, identity }];
      save();
    },
    remove(pid) {
      entries = entries.filter((entry) => entry.pid !== pid);
      save();
    },
  };
}

/**
 * Ends the processes that a run which died left behind. A process is signalled only when its identity is the
 * recorded one. Answers their names. Call it while holding the lock of the data folder.
 */
export async function endStaleProcesses(file: string, graceMs = 15_000): Promise<string[]> {
  const stale = readEntries(file).filter(isAlive);
  for (const { pid } of stale) process.kill(pid, 'SIGTERM');
  for (const deadline = Date.now() + graceMs; Date.now() < deadline && stale.some(isAlive); )
    await delay(100);
  for (const entry of stale.filter(isAlive)) signalGroup(entry.pid, 'SIGKILL');
  return stale.map((entry) => entry.name);
}

function isAlive(entry: Entry): boolean {
  return processIdentity(entry.pid) === entry.identity;
}

function readEntries(file: string): Entry[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  } catch {
    return [];
  }
}
