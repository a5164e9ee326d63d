import type { Context } from '@temporalio/activity';

/** A dead worker is found after the 12 s that the driver grants. */
const HEARTBEAT_EVERY_MS = 4000;
/** Without a heartbeat for so long, Temporal may soon give the segment to somebody else. */
const LEASE_MS = 10_000;
/** A local activity goes to another worker when its workflow task times out, after 10 s. */
const LOCAL_LEASE_MS = 8000;
const LOCAL_BEAT_MS = 1000;

/** The right to go on with a segment, kept by signs of life. */
export interface Lease {
  /** Throws {@link StalledError} when this process was stopped or busy for so long that it may have lost it. */
  assertHeld(): void;
  /** Whether somebody cancelled the execution; only known while a long call of it is under way. */
  readonly isCancelled?: boolean;
}

/** This process stood still; another one may be at work on the segment, so this one must stop. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

/** Sends heartbeats while the work goes on. */
export function heartbeating<T>(context: Context, work: (lease: Lease) => Promise<T>): Promise<T> {
  return beating(HEARTBEAT_EVERY_MS, LEASE_MS, () => context.heartbeat(), work);
}

/** For local activities, which have no heartbeats: only notices when this process stood still. */
export function watchingStalls<T>(work: (lease: Lease) => Promise<T>): Promise<T> {
  return beating(LOCAL_BEAT_MS, LOCAL_LEASE_MS, () => undefined, work);
}

async function beating<T>(
  everyMs: number,
  leaseMs: number,
  onBeat: () => void,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  let lastMs = Date.now();
  let isLost = false;
  const isLate = () => Date.now() - lastMs > leaseMs;
  const beat = () => {
    // A beat that comes too late does not bring back what was lost.
    isLost ||= isLate();
    lastMs = Date.now();
    onBeat();
  };
  const timer = setInterval(beat, everyMs);
  try {
    return await work({
      assertHeld() {
        if (isLost || isLate()) throw new StalledError('The process stood still for too long.');
      },
    });
  } finally {
    clearInterval(timer);
  }
}
