/** How long what waits may still gather. */
interface Since {
  /** When the last ones went, ago in ms. */
  sinceMs: number;
  /** How late the workers' event loops are, in ms. */
  lagMs: number;
}

interface Pace {
  leastMs: number;
  /** Longer, the later the workers are. */
  forEachMsLate: number;
  mostMs: number;
}

/** Each start costs what tens of executions cost. */
const OF_STARTS: Pace = { leastMs: 100, forEachMsLate: 8, mostMs: 300 };
/** To go along with a batch that has begun costs less than one execution. */
const OF_BOARDING: Pace = { leastMs: 25, forEachMsLate: 2, mostMs: 60 };

/** Milliseconds until a start that is not full may go: what comes meanwhile goes with it. */
export const untilNextStart = (since: Since): number => left(OF_STARTS, since);

/** Milliseconds until the next ones may go along with a batch that has begun. */
export const untilNextBoarding = (since: Since): number => left(OF_BOARDING, since);

function left({ leastMs, forEachMsLate, mostMs }: Pace, { sinceMs, lagMs }: Since): number {
  // A clock that was set back says nothing about how long ago that was.
  if (sinceMs < 0) return 0;
  return Math.max(0, Math.min(mostMs, leastMs + forEachMsLate * lagMs) - sinceMs);
}
