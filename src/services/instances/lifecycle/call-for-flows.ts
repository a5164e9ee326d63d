import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '../../../errors';
import type { Instance, LeftBehind } from '../../../store/models/instance.model';
import type { LifecycleInput } from '../../../temporal/contract';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { requireTemporal } from '../../require-temporal';
import { AROUND_MS } from './call-lifecycle-functions';
import { FUNCTION_LIMIT_MS, lifecycleCalls, RETRY_WITHIN_MS, TRIES } from './lifecycle-calls';

interface Options {
  /** Waited for, ms; then it goes on by itself and counts as failed. Absent for as long as it takes. */
  waitMs?: number;
}

/**
 * Calls the functions that some flows of a revision have for an event; one that fails is tried a few times and keeps no
 * other from being called. Answers the flows where one failed, which the instance's log tells. Throws `conflict`
 * while another deploy or removal of the instance is under way.
 */
export async function callForFlows(
  deps: Deps,
  instance: Instance,
  event: LifecycleInput['event'],
  { configRevisionId, planId, flowStableKeys: meant }: LeftBehind,
  { waitMs }: Options = {},
): Promise<string[]> {
  try {
    const plan = await loadPlan(deps, planId);
    const calls = lifecycleCalls(plan, event, meant).length;
    if (calls === 0) return [];
    await requireTemporal(deps, 'Triggers could not be told.');
    const most = FUNCTION_LIMIT_MS + TRIES * (RETRY_WITHIN_MS + AROUND_MS);
    const running = deps.temporal.runLifecycle({
      input: {
        instanceId: instance._id,
        configRevisionId,
        event,
        limitMs: (calls + 1) * most,
        onlyFlows: meant,
      },
      customerId: instance.customerId,
      summary: `${instance.name} · ${plan.integrationName} · ${event} of single flows`,
    });
    const result = await (waitMs === undefined ? running : Promise.race([running, tooLong(waitMs)]));
    return result.isDone ? [] : (result.failed ?? meant);
  } catch (error) {
    if (isAppError(error) && error.code === 'conflict') throw error;
    return meant;
  }
}

const tooLong = (waitMs: number): Promise<{ isDone: false; failed?: string[] }> =>
  sleep(waitMs, { isDone: false }, { ref: false });
