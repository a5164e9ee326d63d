import type { Measured } from '../measure/measured-load';
import { loadSubject, type Subject } from './context';
import { type Crowd, totalFor, warmUp } from './warm-up';

/** Of one load, behind which no other follows. */
const MUCH_LONGER = 3;

/**
 * Warms the target up, then sends as much as it does in the time of one load: so a slow target is not buried, and a
 * fast one has something to do. A round of the warming that is much longer than a load counts itself.
 */
export async function measureThroughput(subject: Subject, crowd: Crowd): Promise<Measured> {
  const { seconds } = subject;
  const last = await warmUp(subject, crowd);
  if (last.executions / last.executionsPerSecond > MUCH_LONGER * seconds) return last;
  return loadSubject(subject, {
    callers: crowd.callers,
    total: totalFor(crowd, last.executionsPerSecond, seconds),
  });
}
