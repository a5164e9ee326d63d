import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { inQueue } from './in-queue';
import { queueRules } from './queue-rules';

/** What of a queue decides who may run next. */
export interface QueueRoom {
  limit: number;
  /** The oldest that waits and may be admitted now; null when there is none. */
  next: Pick<Execution, '_id' | 'epoch' | 'queue'> | null;
  /** Places that are free. */
  free: number;
  /** The places that are held. */
  slots: Set<string>;
}

const HEAD = { request: 0, answer: 0 } as const;

/** Looks at a queue; undefined when nothing waits in it. */
export async function queueRoom(deps: Pick<Deps, 'store'>, key: string): Promise<QueueRoom | undefined> {
  const { executions } = deps.store;
  const [head, admitted] = await Promise.all([
    executions.findOne(inQueue(key, 'waiting'), HEAD).sort({ 'queue.order': 1 }).lean<Execution>(),
    executions
      .find({ ...inQueue(key, 'admitted'), phase: { $ne: 'ended' } }, { 'queue.slot': 1 })
      .lean<Pick<Execution, '_id' | 'queue'>[]>(),
  ]);
  if (!head) return undefined;
  const { limit } = await queueRules(deps, head);
  const slots = new Set(admitted.flatMap(({ queue }) => queue?.slot ?? []));
  const free = Math.max(0, limit - admitted.length);
  const isHeldBack = limit === 1 && free > 0 && (await isBehindAnother(deps, key, head));
  return { limit, next: free > 0 && !isHeldBack ? head : null, free, slots };
}

/** In order means: not before an older one whose trigger is not through yet. */
async function isBehindAnother(
  { store }: Pick<Deps, 'store'>,
  key: string,
  { queue }: Execution,
): Promise<boolean> {
  const older: Record<string, unknown> = {
    ...inQueue(key, 'entering'),
    'queue.order': { $lt: queue?.order ?? '' },
    phase: { $ne: 'ended' },
  };
  return (await store.executions.exists(older)) !== null;
}

/** How many may be admitted now, at most as many as places are free. */
export async function admissible(deps: Pick<Deps, 'store'>, key: string): Promise<number> {
  const room = await queueRoom(deps, key);
  if (!room?.next) return 0;
  return deps.store.executions.countDocuments(inQueue(key, 'waiting'), { limit: room.free });
}
