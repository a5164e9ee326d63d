import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../../engine/plan';
import type { Deployment, DroppedFlows, Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { requireTemporal } from '../../require-temporal';
import { AROUND_MS } from './call-lifecycle-functions';
import { FUNCTION_LIMIT_MS, lifecycleCalls, RETRY_WITHIN_MS, TRIES } from './lifecycle-calls';

/**
 * The flows that a deployment leaves behind when it gives way to a plan, as far as their triggers have functions that
 * clear away what they set up elsewhere; those that earlier ones left behind among them. A flow that comes back is
 * none any more.
 */
export async function droppedFlows(
  deps: Pick<Deps, 'store'>,
  present: Deployment | null,
  next: Plan,
): Promise<DroppedFlows[]> {
  if (present === null) return [];
  const { configRevisionId, planId, dropped = [] } = present;
  const kept = new Set(next.flows.map(({ stableKey }) => stableKey));
  const before = await loadPlan(deps, planId);
  const lost = lifecycleCalls(before, 'remove').map(({ flow }) => flow.stableKey);
  return [...dropped, { configRevisionId, planId, flowStableKeys: [...new Set(lost)] }]
    .map((one) => ({ ...one, flowStableKeys: one.flowStableKeys.filter((key) => !kept.has(key)) }))
    .filter(({ flowStableKeys }) => flowStableKeys.length > 0);
}

/**
 * Lets flows that an instance has no longer clear away what they set up elsewhere. Never throws: what fails is in the
 * instance's log and stays noted, so that the next deploy and the removal try it again.
 */
export async function clearDroppedFlows(deps: Deps, instance: Instance): Promise<void> {
  if (!instance.deployment?.dropped) return;
  const { dropped, configRevisionId } = instance.deployment;
  const left: DroppedFlows[] = [];
  for (const one of dropped) {
    const flowStableKeys = await clear(deps, instance, one);
    if (flowStableKeys.length > 0) left.push({ ...one, flowStableKeys });
  }
  await deps.store.instances.updateOne(
    // A later deploy has taken them over.
    { _id: instance._id, 'deployment.configRevisionId': configRevisionId },
    left.length > 0 ? { $set: { 'deployment.dropped': left } } : { $unset: { 'deployment.dropped': 1 } },
  );
}

/** How long a deploy or a removal waits for them, ms. */
const WAIT_MS = 60_000;

/** Answers the stable keys of those that failed. */
async function clear(
  deps: Deps,
  instance: Instance,
  { configRevisionId, planId, flowStableKeys: dropped }: DroppedFlows,
): Promise<string[]> {
  try {
    await requireTemporal(deps, 'The flows that were dropped could not be told.');
    const plan = await loadPlan(deps, planId);
    const calls = lifecycleCalls(plan, 'remove', dropped).length;
    const most = FUNCTION_LIMIT_MS + TRIES * (RETRY_WITHIN_MS + AROUND_MS);
    const running = deps.temporal.runLifecycle({
      input: {
        instanceId: instance._id,
        configRevisionId,
        event: 'remove',
        limitMs: (calls + 1) * most,
        dropped,
      },
      customerId: instance.customerId,
      summary: `${instance.name} · ${plan.integrationName} · flows that were dropped`,
    });
    // It goes on without us, and may be called again later.
    const tooLong = sleep(WAIT_MS, { isDone: false, message: '' } as const, { ref: false });
    const result = await Promise.race([running, tooLong]);
    return result.isDone ? [] : ('failed' in result && result.failed) || dropped;
  } catch {
    return dropped;
  }
}
