import { fewAtOnce } from '../../../store/few-at-once';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** Those that wait for a batch, in one pass; the gatherer takes them at its own pace. */
const MOST_WAITING = 2000;
/** Queries for single instances that are on their way at once. */
const MOST_QUERIES = 10;
/** Those whose start is repeated one by one. */
const MOST_CLAIMED = 200;
/** A start that was tried is tried again after this long. */
export const AGAIN_AFTER_MS = 30_000;

/**
 * What was accepted a while ago and waits for a batch: the oldest. When that is a long queue, also the oldest of each
 * instance, so that it hides nobody else's.
 */
export async function findWaiting(deps: Deps): Promise<Execution[]> {
  const oldest = await findDue(deps, { workflowId: null }, MOST_WAITING);
  if (oldest.length < MOST_WAITING) return oldest;
  const instances = await deps.store.executions.distinct('instanceId', dueNow(deps, { workflowId: null }));
  const most = Math.ceil(MOST_WAITING / Math.max(1, instances.length));
  const turns = fewAtOnce(MOST_QUERIES);
  const found = await Promise.all(
    instances.map((instanceId) => turns(() => findDue(deps, { instanceId, workflowId: null }, most))),
  );
  return found.flat();
}

/** What was accepted a while ago, has a workflow's id, and has not begun. */
export function findClaimed(deps: Deps): Promise<Execution[]> {
  return findDue(deps, { workflowId: { $ne: null } }, MOST_CLAIMED);
}

function findDue(deps: Deps, condition: object, most: number): Promise<Execution[]> {
  return deps.store.executions
    .find(dueNow(deps, condition), { request: 0 })
    .sort({ acceptedAt: 1 })
    .limit(most)
    .lean<Execution[]>();
}

function dueNow(deps: Deps, condition: object) {
  const now = Date.now();
  return {
    phase: 'accepted' as const,
    acceptedAt: { $lt: new Date(now - deps.env.TENON_SWEEP_AFTER_SECONDS * 1000) },
    $or: [{ sweptAt: null }, { sweptAt: { $lt: new Date(now - AGAIN_AFTER_MS) } }],
    ...condition,
  };
}
