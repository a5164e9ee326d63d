import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { RunProfile } from '../../store/models/instance-profile.model';
import type { LifecycleInput } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { type RunEnvironment, readEnvironment } from '../run-environment';

/** Whose lifecycle functions are called, and with what. */
export interface LifecycleSubject {
  environment: RunEnvironment;
  configRevisionId: string;
  profile: RunProfile;
  organizationId: string;
  customerId: string | null;
  owner: { instanceId: string; integrationId: string };
}

/** Throws `not_found` when the instance or its revision was deleted meanwhile. */
export async function lifecycleSubject(
  deps: RunDeps,
  { instanceId, configRevisionId }: Pick<LifecycleInput, 'instanceId' | 'configRevisionId'>,
): Promise<LifecycleSubject> {
  const { instances, configRevisions } = deps.store;
  const [instance, revision] = await Promise.all([
    instances
      .findById(instanceId, { organizationId: 1, customerId: 1, integrationId: 1 })
      .lean<Pick<Instance, 'organizationId' | 'customerId' | 'integrationId'>>(),
    configRevisions.findById(configRevisionId, { planId: 1, versionId: 1, profile: 1 }).lean(),
  ]);
  if (!instance || !revision) throw notFound(`Instance ${instanceId}`);
  const { organizationId, customerId, integrationId } = instance;
  const { planId, versionId, profile = {} } = revision;
  const run = { instanceId, customerId, integrationId, versionId, planId, configRevisionId };
  const environment = await readEnvironment(deps, run);
  return {
    environment,
    configRevisionId,
    profile,
    organizationId,
    customerId,
    owner: { instanceId, integrationId },
  };
}
