import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { Deps } from '../context';

// Plans never change, so a process keeps those it used last. Content addressed: right for any database.
const cache = new LRUCache<string, Plan>({ max: 200 });

/** The plan with that id; treat it as read-only, it is shared. Throws `not_found`. */
export async function loadPlan(deps: Pick<Deps, 'store'>, planId: string): Promise<Plan> {
  const known = cache.get(planId);
  if (known) return known;
  const stored = await deps.store.plans.findById(planId).lean();
  if (!stored) throw notFound(`Plan ${planId}`);
  const plan = JSON.parse(stored.json) as Plan;
  cache.set(planId, plan);
  return plan;
}

/** Stores a plan under the hash of its content and answers its id; storing it again is harmless. */
export async function storePlan(
  deps: Pick<Deps, 'store'>,
  plan: Plan,
  session: ClientSession | null = null,
): Promise<string> {
  const json = JSON.stringify(plan);
  const planId = createHash('sha256').update(json).digest('hex');
  // The date is written each time: it makes the write collide with a transaction that removes this plan.
  await deps.store.plans.updateOne(
    { _id: planId },
    { $set: { createdAt: new Date() }, $setOnInsert: { json } },
    { upsert: true, ...(session ? { session } : {}) },
  );
  return planId;
}
