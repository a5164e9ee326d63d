import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** So much that others get nine times the share of a worker that wants all of it. */
const NICE = 10;

/**
 * Lets the other processes of this machine go first, with the runners that are started later: in a burst what
 * arrives is stored before what was stored is run, and a person at the machine can go on working. Costs nothing
 * while the processor is not busy.
 */
export function stepBack(): void {
  try {
    if (getPriority() < NICE) setPriority(NICE);
    // Linux weighs sessions before it weighs the processes in them. Source: sched(7), autogrouping.
    if (isSessionLeader()) writeFileSync('/proc/self/autogroup', String(NICE));
  } catch {
    // A kernel without such groups, or a sandbox that forbids it: then it runs as it is.
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
