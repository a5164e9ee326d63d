import { LRUCache } from 'lru-cache';
import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { Deps } from '../context';
import type { PlanText } from './plan-text';

// Plans never change, so a process keeps those it used last. Content addressed: right for any database. A plan takes
// about as many bytes as its text has characters.
const cache = new LRUCache<string, Plan>({ max: 200, maxSize: 128 * 1024 * 1024 });

/** The plan with that id; treat it as read-only, it is shared. Throws `not_found`. */
export async function loadPlan(deps: Pick<Deps, 'store'>, planId: string): Promise<Plan> {
  const known = cache.get(planId);
  if (known) return known;
  const stored = await deps.store.plans.findById(planId).lean();
  if (!stored) throw notFound(`Plan ${planId}`);
  return readPlan({ id: planId, json: stored.json });
}

/** The plan that a text holds; treat it as read-only, it is shared. */
export function readPlan({ id, json }: PlanText): Plan {
  const known = cache.get(id);
  if (known) return known;
  const plan = JSON.parse(json) as Plan;
  cache.set(id, plan, { size: json.length });
  return plan;
}

/** Stores a plan under the hash of its content and answers its id; storing it again is harmless. */
export async function storePlan(
  deps: Pick<Deps, 'store'>,
  { id, json }: PlanText,
  session: ClientSession | null = null,
): Promise<string> {
  // The date is written each time: it makes the write collide with a transaction that removes this plan.
  await deps.store.plans.updateOne(
    { _id: id },
    { $set: { createdAt: new Date() }, $setOnInsert: { json } },
    { upsert: true, ...(session ? { session } : {}) },
  );
  return id;
}
