import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { Customer } from '../../../store/models/customer.model';
import type { Deployment, Instance } from '../../../store/models/instance.model';
import type { IntegrationVersion } from '../../../store/models/integration-version.model';
import type { Deps } from '../../context';
import { flowConfigIdOf, flowIdOf } from '../../ids';
import { loadPlan } from '../../plans/load-plan';
import { requireTemporal } from '../../require-temporal';
import { openVariables } from '../config/open-variables';
import { scheduleOfFlow } from './schedule-of-flow';

/** How often the state may change under the work before it is left to whoever changes it. */
const TRIES = 5;
/** Characters; Temporal takes 400 bytes. */
const MAX_SUMMARY = 130;

/**
 * Makes Temporal's schedules those of the deployed revision, paused while the instance is disabled; repeating
 * it is harmless. Throws `dependency_unavailable` while Temporal is away.
 */
export async function applySchedules(deps: Deps, instanceId: string): Promise<void> {
  let applied: Instance | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const instance = await deps.store.instances.findById(instanceId).lean<Instance>();
    if (!instance?.deployment) return;
    // What was applied must still hold afterwards: somebody may have deployed or paused meanwhile.
    if (applied && isSame(applied, instance)) return;
    await applyOnce(deps, instance, instance.deployment);
    applied = instance;
  }
}

/** Deletes every schedule that the instance may have. */
export async function deleteSchedules(deps: Deps, instanceId: string): Promise<void> {
  const scheduled = await everScheduled(deps, instanceId);
  if (scheduled.size === 0) return;
  await requireTemporal(deps, 'The schedules of the instance could not be deleted: repeat it.');
  for (const stableKey of scheduled) {
    await deps.temporal.deleteSchedule(flowConfigIdOf(instanceId, stableKey));
  }
}

/** The flows that are scheduled in any revision; also one that is no longer may have a schedule to remove. */
export async function everScheduled(deps: Pick<Deps, 'store'>, instanceId: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const planId of await deps.store.configRevisions.distinct('planId', { instanceId })) {
    const { flows } = await loadPlan(deps, planId);
    for (const flow of flows) if (flow.schedule) keys.add(flow.stableKey);
  }
  return keys;
}

const isSame = (a: Instance, b: Instance) =>
  a.enabled === b.enabled &&
  a.stepsPerActivity === b.stepsPerActivity &&
  a.deployment?.configRevisionId === b.deployment?.configRevisionId;

async function applyOnce(deps: Deps, instance: Instance, deployment: Deployment): Promise<void> {
  const stale = await everScheduled(deps, instance._id);
  if (stale.size === 0) return;
  await requireTemporal(
    deps,
    'The change is stored, but its schedules are not in line with it yet: repeat it.',
  );
  const { store, temporal } = deps;
  const plan = await loadPlan(deps, deployment.planId);
  const revision = await store.configRevisions.findById(deployment.configRevisionId).lean<ConfigRevision>();
  const open = openVariables(deps.sealer, revision?.configVariables ?? []);
  const version = await store.integrationVersions.findById(deployment.versionId).lean<IntegrationVersion>();
  const customer = await store.customers.findById(instance.customerId).lean<Customer>();
  for (const flow of plan.flows) {
    const schedule = scheduleOfFlow(flow, plan.configVars, open);
    if (!schedule) continue;
    stale.delete(flow.stableKey);
    await temporal.putSchedule({
      flowConfigId: flowConfigIdOf(instance._id, flow.stableKey),
      instanceId: instance._id,
      customerId: instance.customerId,
      integrationId: instance.integrationId,
      flowId: flowIdOf(instance.integrationId, flow.stableKey),
      versionId: deployment.versionId,
      ...schedule,
      isPaused: !instance.enabled,
      summary: [customer?.name, instance.name, flow.name, version && `v${version.versionNumber}`]
        .filter(Boolean)
        .join(' · ')
        .slice(0, MAX_SUMMARY),
      stepsPerActivity: instance.stepsPerActivity,
    });
  }
  for (const stableKey of stale) await temporal.deleteSchedule(flowConfigIdOf(instance._id, stableKey));
}
