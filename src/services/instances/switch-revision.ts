import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import { invalidField, notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Deployment, Instance } from '../../store/models/instance.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps } from '../context';
import { loadPlan } from '../plans/load-plan';
import { checkDeployable } from './check-deployable';
import { openVariables, sealVariables } from './config/open-variables';
import { syncFlowConfigs } from './flow-configs/sync-flow-configs';

interface Switch {
  id: string;
  /** A user's id. */
  deployedBy: string;
  force: boolean;
}

/** Stores the next revision of an instance and switches to it, within a transaction. */
export async function switchRevision(
  deps: Deps,
  { id, deployedBy, force }: Switch,
  session: ClientSession,
): Promise<Instance> {
  const { configRevisions, instances } = deps.store;
  const instance = await instances.findById(id, null, { session }).lean<Instance>();
  if (!instance) throw notFound('The instance');
  const version = await usableVersion(deps, instance, force, session);
  const plan = await loadPlan(deps, version.planId);
  const open = openVariables(deps.sealer, instance.configVariables);
  await checkDeployable(deps, { instance, plan, open, force }, session);
  const known = new Set(plan.configVars.map(({ key }) => key));
  const now = new Date();
  const revision: ConfigRevision = {
    _id: randomUUID(),
    instanceId: id,
    revision: (instance.deployment?.revision ?? 0) + 1,
    versionId: version._id,
    planId: version.planId,
    // Sealed anew, so that deploying moves the values to the encryption key in use.
    configVariables: sealVariables(
      deps.sealer,
      [...open.values()].filter(({ key }) => known.has(key)),
    ),
    createdAt: now,
    createdBy: deployedBy,
  };
  const deployment: Deployment = {
    configRevisionId: revision._id,
    revision: revision.revision,
    versionId: version._id,
    planId: version.planId,
    deployedAt: now,
    deployedBy,
  };
  await configRevisions.create([revision], { session });
  await syncFlowConfigs(deps, instance, plan.flows, session);
  const enabled = instance.deployment === null ? true : instance.enabled;
  const switched = await instances
    .findByIdAndUpdate(
      id,
      { $set: { deployment, enabled, needsDeploy: false, updatedAt: now } },
      { returnDocument: 'after', session },
    )
    .lean<Instance>();
  if (!switched) throw notFound('The instance');
  return switched;
}

/** The chosen version, if it may be deployed; the one that runs already always may. */
async function usableVersion(
  deps: Deps,
  instance: Instance,
  force: boolean,
  session: ClientSession,
): Promise<IntegrationVersion> {
  const version = await deps.store.integrationVersions
    .findById(instance.versionId, null, { session })
    .lean<IntegrationVersion>();
  if (!version) throw notFound('The version of this instance');
  if (version.isAvailable || force || instance.deployment?.versionId === version._id) return version;
  const message = `Version ${version.versionNumber} of "${version.name}" is no longer available; choose another.`;
  throw invalidField('integration', message);
}
