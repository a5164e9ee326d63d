import type { Context } from '@temporalio/activity';

/** A dead worker is found after the 12 s that the driver grants. */
const HEARTBEAT_EVERY_MS = 4000;
/** Without a heartbeat for so long, Temporal may soon give the segment to somebody else. */
const LEASE_MS = 10_000;

/** The right to go on with a segment, kept by heartbeats. */
export interface Lease {
  /** Throws {@link StalledError} when this process was stopped or busy for so long that it may have lost it. */
  assertHeld(): void;
}

/** This process stood still; another one may be at work on the segment, so this one must stop. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

/** Sends heartbeats while the work goes on. */
export async function heartbeating<T>(context: Context, work: (lease: Lease) => Promise<T>): Promise<T> {
  let lastMs = Date.now();
  const beat = () => {
    lastMs = Date.now();
    context.heartbeat();
  };
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await work({
      assertHeld() {
        if (Date.now() - lastMs > LEASE_MS) throw new StalledError('The process stood still for too long.');
      },
    });
  } finally {
    clearInterval(timer);
  }
}
