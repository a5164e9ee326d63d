import type { Call } from './call';

/**
 * So many ms after its last answer a process that is stuck gets no further calls, even when it answers again. It is ended
 * where a step that is over may have left behind what blocks the only one that has begun.
 */
export const RETIRED_AFTER_MS = 30_000;
/** It is ended where several calls have begun: one blocks, and the others must not wait for as long as that may take. */
const ENDED_BESIDE_AFTER_MS = 10_000;
/** It is ended when nothing has begun in it, or something that nobody waits for any more. */
const ENDED_AFTER_MS = 5_000;

/**
 * How many ms a process may leave questions unanswered for the sake of what has begun in it. `isOfOneCall`: whatever it does
 * is the doing of the only call in it.
 */
export function patienceMs(calls: Iterable<Call>, isOfOneCall: boolean): number {
  const begun = [...calls].filter(({ isStarted }) => isStarted);
  if (begun.length === 0 || begun.some(({ options }) => options.isGivenUp?.())) return ENDED_AFTER_MS;
  if (begun.length > 1) return ENDED_BESIDE_AFTER_MS;
  return isOfOneCall ? Number.POSITIVE_INFINITY : RETIRED_AFTER_MS;
}
