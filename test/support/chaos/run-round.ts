import { setTimeout as sleep } from 'node:timers/promises';
import type { Part, PartName } from './part';
import type { PlannedKill } from './plan-round';

/** A kill as it was carried out. */
export interface DoneKill {
  part: PartName;
  atMs: number;
  /** The parts that were away at that moment. */
  besides: PartName[];
  /** Acknowledged executions that had not ended then. */
  inFlight: number;
}

/**
 * Kills as planned and starts each part again in its time; resolves when all are back. A part is killed again only
 * when it is back, and a runner when its worker is; nothing else is waited for. `beforeKill` tells how many executions
 * are in flight, given what is away.
 */
export async function runRound(
  plan: readonly PlannedKill[],
  parts: Record<PartName, Part>,
  beforeKill: (away: ReadonlySet<PartName>) => Promise<number>,
): Promise<DoneKill[]> {
  const away = new Set<PartName>();
  const returns = new Map<PartName, Promise<void>>();
  const done: DoneKill[] = [];
  const bringBack = async (part: Part, awayMs: number) => {
    await sleep(awayMs);
    await part.start();
    away.delete(part.name);
  };
  for (const { part: name, afterMs, awayMs } of plan) {
    await sleep(afterMs);
    await returns.get(name);
    if (name === 'runner') await returns.get('worker');
    const inFlight = await beforeKill(away);
    done.push({ part: name, atMs: Date.now(), besides: [...away], inFlight });
    await parts[name].kill();
    away.add(name);
    const isBack = bringBack(parts[name], name === 'runner' ? 0 : awayMs);
    // It may end before anybody waits for it.
    isBack.catch(() => undefined);
    returns.set(name, isBack);
  }
  await Promise.all(returns.values());
  return done;
}
