import type { Plan } from '../../../engine/plan';
import type { Instance } from '../../../store/models/instance.model';
import type { LifecycleInput, LifecycleResult } from '../../../temporal/contract';
import type { Deps } from '../../context';
import { requireTemporal } from '../../require-temporal';
import { FUNCTION_LIMIT_MS, lifecycleCalls } from './lifecycle-calls';

/** What each function takes besides its own time, ms. */
export const AROUND_MS = 5000;

/**
 * Lets a worker call the functions that the triggers of a revision have for an event, up to one that fails; nothing
 * happens when they have none.
 */
export async function callLifecycleFunctions(
  deps: Deps,
  instance: Pick<Instance, '_id' | 'customerId' | 'name'>,
  revision: { configRevisionId: string; plan: Plan },
  event: LifecycleInput['event'],
): Promise<LifecycleResult> {
  const calls = lifecycleCalls(revision.plan, event);
  if (calls.length === 0) return { isDone: true };
  await requireTemporal(
    deps,
    `The triggers of "${instance.name}" could not be told, so nothing was changed.`,
  );
  return deps.temporal.runLifecycle({
    input: {
      instanceId: instance._id,
      configRevisionId: revision.configRevisionId,
      event,
      limitMs: calls.length * (FUNCTION_LIMIT_MS + AROUND_MS) + FUNCTION_LIMIT_MS,
    },
    customerId: instance.customerId,
    summary: `${instance.name} · ${revision.plan.integrationName} · ${event}`,
  });
}
