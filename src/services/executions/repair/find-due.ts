import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** Those that wait for a batch, in one pass; the gatherer takes them at its own pace. */
const MOST_WAITING = 2000;
/** Instances whose executions one pass takes; the next one begins elsewhere. */
const MOST_INSTANCES = 100;
/** Those whose start is repeated one by one. */
const MOST_CLAIMED = 200;
/** A start that was tried is tried again after this long. */
export const AGAIN_AFTER_MS = 30_000;

/**
 * What was accepted a while ago and waits for a batch: the oldest of each instance, so that a long queue of one
 * hides nobody else's.
 */
export async function findWaiting(deps: Deps): Promise<Execution[]> {
  const all = await deps.store.executions.distinct('instanceId', { phase: 'accepted' });
  const from = Math.floor(Math.random() * all.length);
  const instances = [...all.slice(from), ...all.slice(0, from)].slice(0, MOST_INSTANCES);
  const most = Math.ceil(MOST_WAITING / Math.max(1, instances.length));
  const found = await Promise.all(
    instances.map((instanceId) => findDue(deps, { instanceId, workflowId: null }, most)),
  );
  return found.flat();
}

/** What was accepted a while ago, has a workflow's id, and has not begun. */
export function findClaimed(deps: Deps): Promise<Execution[]> {
  return findDue(deps, { workflowId: { $ne: null } }, MOST_CLAIMED);
}

function findDue(deps: Deps, condition: object, most: number): Promise<Execution[]> {
  const now = Date.now();
  return deps.store.executions
    .find(
      {
        phase: 'accepted',
        acceptedAt: { $lt: new Date(now - deps.env.TENON_SWEEP_AFTER_SECONDS * 1000) },
        $or: [{ sweptAt: null }, { sweptAt: { $lt: new Date(now - AGAIN_AFTER_MS) } }],
        ...condition,
      },
      { request: 0 },
    )
    .sort({ acceptedAt: 1 })
    .limit(most)
    .lean<Execution[]>();
}
