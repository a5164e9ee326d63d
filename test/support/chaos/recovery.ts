import { loadavg } from 'node:os';
import { until } from '../until';
import type { Ledger } from './ledger';
import type { DoneKill } from './run-round';

/** How everything went on after kills. Times are milliseconds from the moment that the last part was up again. */
export interface Recovery {
  kills: DoneKill[];
  /** Between the first kill and the return of the last part. */
  disturbedMs: number;
  /** Acknowledged executions that had not ended at the return. */
  owed: number;
  /** Until the last of these had ended. */
  oldMs: number;
  /** Until the first delivery that was sent since the return had ended. */
  newMs: number;
  /** Of the machine over the last minute. */
  load: number;
}

/** Longest that is waited for a recovery, to measure also one that takes too long. */
const GIVE_UP_MS = 60_000;

/** Lets `disturb` kill and start again what it wants, and waits until everything goes its way again. */
export async function recoveryFrom(disturb: () => Promise<DoneKill[]>, ledger: Ledger): Promise<Recovery> {
  const kills = await disturb();
  const upMs = Date.now();
  const owed = ledger.open();
  const names = kills.map(({ part }) => part).join(', ');
  const newEndMs = await until(
    `new deliveries to end after the kill of ${names}`,
    () => ledger.firstEndOfThoseSentSince(upMs),
    GIVE_UP_MS,
  );
  await until(
    `those in flight after the kill of ${names} to end`,
    () => owed.every(({ endedMs }) => endedMs !== null),
    GIVE_UP_MS,
  );
  const lastEndMs = Math.max(upMs, ...owed.map(({ endedMs }) => endedMs ?? 0));
  return {
    kills,
    disturbedMs: upMs - Math.min(...kills.map(({ atMs }) => atMs)),
    owed: owed.length,
    oldMs: lastEndMs - upMs,
    newMs: newEndMs - upMs,
    load: loadavg()[0] ?? 0,
  };
}

export function describeRecovery({ kills, disturbedMs, owed, oldMs, newMs, load }: Recovery): string {
  const parts = kills.map(({ part, besides, inFlight }) => {
    const without = besides.length > 0 ? ` without ${besides.join(' and ')}` : '';
    return `${part}${without} (${inFlight} in flight)`;
  });
  const old = `${owed} then in flight ended after ${oldMs} ms`;
  const when = `all back after ${disturbedMs} ms`;
  return `${parts.join(', ')}: ${when}; ${old}; new ones end after ${newMs} ms (load ${load.toFixed(1)})`;
}
