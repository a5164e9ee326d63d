import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { inQueue } from './in-queue';
import { admissible } from './queue-room';
import { releaseEnded } from './release-ended';
import { wakeQueue } from './wake-queue';

/** A wake is on its way for so long. */
const YOUNG_MS = 2000;

/**
 * One pass over the queues in which somebody waits though there is room: the wake got lost, or a deploy changed the
 * rules. Answers how many were woken; stops with `dependency_unavailable` while Temporal is away.
 */
export async function sweepQueues(deps: Deps): Promise<number> {
  const { executions } = deps.store;
  const keys = await executions.distinct('queue.key', { 'queue.state': 'waiting' });
  let woken = 0;
  for (const key of keys as string[]) {
    const head = await executions
      .findOne(inQueue(key, 'waiting'), { request: 0, answer: 0 })
      .sort({ 'queue.order': 1 })
      .lean<Execution>();
    if (!head || Date.now() - (head.queue?.queuedAt?.getTime() ?? 0) < YOUNG_MS) continue;
    await releaseEnded(deps, key);
    if ((await admissible(deps, key)) === 0) continue;
    await wakeQueue(deps, key, head);
    woken += 1;
  }
  return woken;
}
