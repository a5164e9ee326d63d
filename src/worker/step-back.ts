import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** So much that others get nine times the share of a worker that wants all of it. */
const NICE = 10;

/**
 * Lets the other processes of this machine go first, with the runners that are started later: in a burst what
 * arrives is stored before what was stored is run, and a person at the machine can go on working. Costs nothing
 * while the processor is not busy.
 */
export function stepBack(): void {
  setPriority(NICE);
  if (!isSessionLeader()) return;
  try {
    // Linux weighs sessions before it weighs the processes in them. Source: sched(7), autogrouping.
    writeFileSync('/proc/self/autogroup', String(NICE));
  } catch {
    // A kernel without such groups.
  }
}

function isSessionLeader(): boolean {
  try {
    const [, , , session] = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
    return Number(session) === process.pid;
  } catch {
    return false;
  }
}
