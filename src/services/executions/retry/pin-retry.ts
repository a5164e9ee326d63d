import { notFound } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { presentUser } from '../../user-configs/read-run-user';

/**
 * Gives an attempt that begins what is deployed now, and the values that its user has now, which it keeps. Throws
 * `not_found` when the deployed version has no such flow any more, or the user no configuration.
 */
export async function pinRetry(deps: Deps, execution: Execution): Promise<Execution> {
  const { retryOf, instanceId, flowStableKey } = execution;
  if (!retryOf || retryOf.isPinned) return execution;
  const instance = await deps.store.instances
    .findById(instanceId, { isSystem: 1, deployment: 1, draftDeployment: 1 })
    .lean();
  const deployed = instance?.deployment;
  const plan = deployed && (await loadPlan(deps, deployed.planId));
  if (!plan?.flows.some(({ stableKey }) => stableKey === flowStableKey)) throw notFound('The flow');
  const { planId, configRevisionId, versionId, profile } = deployed!;
  const user = execution.user && (await presentUser(deps, execution.user));
  const pinned = {
    planId,
    configRevisionId,
    versionId,
    ...(user && { user }),
    ...(profile && { profile }),
    retryOf: { ...retryOf, isPinned: true },
  };
  const change = { $set: pinned, ...(!profile && { $unset: { profile: 1 } }) };
  await deps.store.executions.updateOne({ _id: execution._id, epoch: execution.epoch }, change);
  const { profile: _former, ...same } = execution;
  return { ...same, ...pinned };
}
