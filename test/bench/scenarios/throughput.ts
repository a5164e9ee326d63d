import { figuresOf, type Load, type Measured } from '../measure/measured-load';
import { loadNow, type Subject } from './context';
import { type Crowd, secondsOf, totalFor, warmUp } from './warm-up';

/** Of one load, behind which no other follows. */
const MUCH_LONGER = 3;

/** Loads that make one figure, with those of the other target between them. */
const ROUNDS = 2;

/**
 * Warms the target up, then sends as much as it does in the time of one load: so a slow target is not buried, and a
 * fast one has something to do. A round of the warming that is much longer than a load counts itself.
 */
export async function measureThroughput(subject: Subject, crowd: Crowd): Promise<Measured> {
  const { seconds, inTurn } = subject;
  const last = await warmUp(subject, crowd);
  if (secondsOf(last) > MUCH_LONGER * seconds) return last;
  const total = totalFor(crowd, last.executionsPerSecond, seconds);
  const loads: Load[] = [];
  while (loads.length < ROUNDS)
    loads.push(await inTurn(() => loadNow(subject, { callers: crowd.callers, total })));
  return figuresOf(loads);
}
