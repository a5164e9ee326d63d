/** A start that is not full goes so long after the former one: what comes meanwhile goes with it. */
const PACE_MS = 100;
/** Longer, the later the workers are, since each start costs what tens of executions cost. */
const PACE_FOR_EACH_MS_LATE = 8;
const MOST_PACE_MS = 300;

/**
 * Milliseconds until a start that is not full may go, `sinceMs` after the former one, by how late the workers' event
 * loops are.
 */
export function untilNextStart({ sinceMs, lagMs }: { sinceMs: number; lagMs: number }): number {
  // A clock that was set back says nothing about how long ago that was.
  if (sinceMs < 0) return 0;
  return Math.max(0, Math.min(MOST_PACE_MS, PACE_MS + PACE_FOR_EACH_MS_LATE * lagMs) - sinceMs);
}
