import type { PartName } from './part';

/** One kill of a round. */
export interface PlannedKill {
  part: PartName;
  /** Since the kill before it. */
  afterMs: number;
  /** How long it stays away before it is started again. */
  awayMs: number;
}

const PARTS: readonly PartName[] = ['worker', 'runner', 'API', 'Temporal', 'mongod'];
/** Parts that somebody has to start again: a runner comes back by itself, and goes with its worker. */
const STARTED: readonly PartName[] = PARTS.filter((part) => part !== 'runner');

/** Of a round, behind the first two. */
const MORE_KILLS = { least: 1, most: 3 };
const GAP_MS = { least: 500, most: 8000 };
const AWAY_MS = { least: 500, most: 6000 };

/**
 * Kills at random moments that do not wait for anything to recover. The second comes while the first part is away,
 * so each round has a moment without two of the parts. The same numbers give the same round.
 */
export function planRound(random: () => number): PlannedKill[] {
  const between = ({ least, most }: { least: number; most: number }) => least + random() * (most - least);
  const oneOf = (parts: readonly PartName[]) => parts[Math.floor(random() * parts.length)]!;
  const first = { part: oneOf(STARTED), afterMs: between(GAP_MS), awayMs: between(AWAY_MS) };
  const second = {
    part: oneOf(STARTED.filter((part) => part !== first.part)),
    afterMs: random() * first.awayMs,
    awayMs: between(AWAY_MS),
  };
  const { least, most } = MORE_KILLS;
  const more = Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => ({
    part: oneOf(PARTS),
    afterMs: between(GAP_MS),
    awayMs: between(AWAY_MS),
  }));
  return [first, second, ...more];
}
