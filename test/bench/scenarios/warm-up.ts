import type { Measured } from '../measure/measured-load';
import { loadSubject, type Subject } from './context';

/** Of the time that one load lasts: by then compilers have seen what runs often. */
const WARM_LOADS = 2;
/** The same for what is kept slow since it leaves much on the disk. */
const SLOW_WARM_LOADS = 1;

/** A load by so many callers. */
export interface Crowd {
  callers: number;
  /** Sent in a second at most. */
  maxPerSecond?: number;
  /** Sent each time, however fast the target is. */
  total?: number;
}

/** As many deliveries as the target executes in `seconds` when it executes `rate` in one. */
export function totalFor(
  { callers, maxPerSecond = Number.POSITIVE_INFINITY, total }: Crowd,
  rate: number,
  seconds: number,
): number {
  return total ?? Math.max(callers, Math.ceil(Math.min(rate, maxPerSecond) * seconds));
}

/**
 * Loads a target whose processes are new until they run as they do in the long run, and gives the last round: how much
 * the target does in a second. Each round is as long as half a load, by what the one before it came to.
 */
export async function warmUp(subject: Subject, crowd: Crowd): Promise<Measured> {
  const { callers, maxPerSecond } = crowd;
  const { seconds } = subject;
  const loads = maxPerSecond === undefined ? WARM_LOADS : SLOW_WARM_LOADS;
  let last = await loadSubject(subject, { callers, total: crowd.total ?? callers });
  let warmSeconds = secondsOf(last);
  while (warmSeconds < loads * seconds) {
    last = await loadSubject(subject, {
      callers,
      total: totalFor(crowd, last.executionsPerSecond, seconds / 2),
    });
    warmSeconds += secondsOf(last);
  }
  return last;
}

/** How long a load took. */
export const secondsOf = ({ executions, executionsPerSecond }: Measured): number =>
  executions / executionsPerSecond;
