import { loadavg } from 'node:os';
import { until } from '../until';
import type { Ledger } from './ledger';
import type { Part, PartName } from './part';

/** How a kill went. Times are milliseconds from the moment that the part was up again. */
export interface Recovery {
  part: PartName;
  /** Between the kill and the part's return. */
  downMs: number;
  /** Acknowledged executions that had not ended at the kill. */
  inFlight: number;
  /** Until the last of these had ended. */
  oldMs: number;
  /** Until the first delivery that was sent since the return had ended. */
  newMs: number;
  /** Of the machine over the last minute. */
  load: number;
}

/** Longest that is waited for a recovery, to measure also one that takes too long. */
const GIVE_UP_MS = 60_000;

/** Kills a part, starts it again, and waits until everything goes its way again. */
export async function killAndRecover(part: Part, ledger: Ledger): Promise<Recovery> {
  await ledger.look();
  const inFlight = ledger.open();
  const killedMs = Date.now();
  await part.kill();
  await part.start();
  const upMs = Date.now();
  const newEndMs = await until(
    `new deliveries to end after the kill of ${part.name}`,
    () => ledger.firstEndOfThoseSentSince(upMs),
    GIVE_UP_MS,
  );
  await until(
    `those in flight at the kill of ${part.name} to end`,
    () => inFlight.every(({ endedMs }) => endedMs !== null),
    GIVE_UP_MS,
  );
  const lastEndMs = Math.max(upMs, ...inFlight.map(({ endedMs }) => endedMs ?? 0));
  return {
    part: part.name,
    downMs: upMs - killedMs,
    inFlight: inFlight.length,
    oldMs: lastEndMs - upMs,
    newMs: newEndMs - upMs,
    load: loadavg()[0] ?? 0,
  };
}

export function describeRecovery({ part, downMs, inFlight, oldMs, newMs, load }: Recovery): string {
  const old = `${inFlight} in flight, ended after ${oldMs} ms`;
  return `${part}: away ${downMs} ms; ${old}; new ones end after ${newMs} ms (load ${load.toFixed(1)})`;
}
