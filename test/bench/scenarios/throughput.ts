import type { Measured } from '../measure/measured-load';
import { loadSubject, type Subject } from './context';

/** Of one load, behind which no other follows. */
const MUCH_LONGER = 3;

/**
 * Finds out how much the target does in a second, which also warms it up, then sends as much as it does in the
 * time of one load: so a slow target is not buried, and a fast one has something to do. A first round that is
 * much longer than a load counts itself.
 */
export async function measureThroughput(
  subject: Subject,
  callers: number,
  maxPerSecond = Number.POSITIVE_INFINITY,
): Promise<Measured> {
  const { seconds } = subject;
  const totalFor = (rate: number, forSeconds: number) =>
    Math.max(callers, Math.ceil(Math.min(rate, maxPerSecond) * forSeconds));
  const first = await loadSubject(subject, { callers, total: callers });
  if (first.executions / first.executionsPerSecond > MUCH_LONGER * seconds) return first;
  const second = await loadSubject(subject, {
    callers,
    total: totalFor(first.executionsPerSecond, seconds / 2),
  });
  return loadSubject(subject, { callers, total: totalFor(second.executionsPerSecond, seconds) });
}
