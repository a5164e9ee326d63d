import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Plan } from '../../engine/plan';
import { AppError, invalidField, notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Deployment, Instance, LeftBehind } from '../../store/models/instance.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { placeTemplates } from '../connection-templates/place-templates';
import { readTemplates, templatesOfRevision } from '../connection-templates/read-templates';
import { holdTemplates } from '../connection-templates/users-of-template';
import type { Deps } from '../context';
import { runProfileOf } from '../instance-profiles/profile-of-instance';
import { loadPlan } from '../plans/load-plan';
import { holdShared } from '../shared-connections/hold-shared';
import { checkDeployable } from './check-deployable';
import { openVariables, sealVariables } from './config/open-variables';
import { syncFlowConfigs } from './flow-configs/sync-flow-configs';
import { leftBehindBy, leftBehindNow, setUpBy, storing, without } from './lifecycle/left-behind';

export interface Switch {
  id: string;
  /** A user's id. */
  deployedBy: string;
  force: boolean;
}

/** A revision that may be put into service. */
export interface NextRevision {
  revision: ConfigRevision;
  plan: Plan;
  /** As it was when the revision was made. */
  instance: Instance;
}

/** A revision that is in service. */
export interface Switched {
  next: NextRevision;
  /** The instance as it is from now on. */
  instance: Instance;
}

/** Stores the next revision of an instance and switches to it, within a transaction. */
export async function switchRevision(deps: Deps, wanted: Switch, session: ClientSession): Promise<Switched> {
  const next = await storeNextRevision(deps, wanted, session);
  return { next, instance: await putInService(deps, next, session) };
}

/**
 * Stores the next revision of an instance, of the chosen version and the draft configuration, within a transaction.
 * Throws `invalid_input` naming everything that stands in the way.
 */
export async function storeNextRevision(
  deps: Deps,
  { id, deployedBy, force }: Switch,
  session: ClientSession,
): Promise<NextRevision> {
  const { configRevisions, instances } = deps.store;
  const instance = await instances.findById(id, null, { session }).lean<Instance>();
  if (!instance) throw notFound('The instance');
  const version = await usableVersion(deps, instance, force, session);
  const plan = await loadPlan(deps, version.planId);
  const templates = await readTemplates(deps, instance.organizationId, plan, session);
  const open = openVariables(deps.sealer, instance.configVariables);
  const candidate = { instance, plan: placeTemplates(deps.sealer, plan, templates), open, force };
  await checkDeployable(deps, candidate, session);
  const known = new Set(plan.configVars.map(({ key }) => key));
  const [newest] = await configRevisions
    .find({ instanceId: id }, { revision: 1 }, { session })
    .sort({ revision: -1 })
    .limit(1)
    .lean<Pick<ConfigRevision, 'revision'>[]>();
  const profile = await runProfileOf(deps, instance, session);
  const revision: ConfigRevision = {
    _id: randomUUID(),
    instanceId: id,
    revision: (newest?.revision ?? 0) + 1,
    versionId: version._id,
    planId: version.planId,
    // Sealed anew, so that deploying moves the values to the encryption key in use.
    configVariables: sealVariables(
      deps.sealer,
      [...open.values()].filter(({ key }) => known.has(key)),
    ),
    ...(profile && { profile }),
    ...(templates.length > 0 && { templates: templatesOfRevision(deps.sealer, templates) }),
    createdAt: new Date(),
    createdBy: deployedBy,
  };
  await configRevisions.create([revision], { session });
  return { revision, plan, instance };
}

/**
 * Switches an instance to a stored revision, within a transaction. It counts as not deployed until its schedules and
 * flows are in line, which `concludeDeploy` tells. What triggers that it has no longer set up elsewhere is noted, save
 * what was `cleared` already. Throws `not_found` when the instance was deleted, and `conflict` when a later revision
 * serves already.
 */
export async function putInService(
  deps: Deps,
  { revision, plan, instance: before }: NextRevision,
  session: ClientSession,
  cleared: LeftBehind[] = [],
): Promise<Instance> {
  const { instances } = deps.store;
  const { _id: id } = before;
  const instance = await instances.findById(id, null, { session }).lean<Instance>();
  if (!instance || revision.versionId === null) throw notFound('The instance');
  const present = instance.deployment;
  if (present !== null && present.revision > revision.revision) throw overtaken(revision, present);
  const now = new Date();
  const deployment: Deployment = {
    configRevisionId: revision._id,
    revision: revision.revision,
    versionId: revision.versionId,
    planId: revision.planId,
    deployedAt: now,
    deployedBy: revision.createdBy,
    ...(revision.profile && { profile: revision.profile }),
    ...(revision.templates && { templateIds: revision.templates.map((template) => template._id) }),
    ...((present === null || present.firstSync === 'due') && { firstSync: 'due' as const }),
  };
  const { left, serving } = await leftBehindNow(deps, instance);
  const setUp = present && serving ? [setUpBy(present, serving)] : [];
  const leftBehind = storing(without(await leftBehindBy(deps, [...left, ...setUp], plan), cleared));
  await holdTemplates(deps, revision.templates, session);
  await holdShared(deps, instance, plan, session);
  await syncFlowConfigs(deps, instance, plan.flows, session);
  const enabled = present === null ? true : instance.enabled;
  const switched = await instances
    .findByIdAndUpdate(
      id,
      {
        $set: {
          deployment,
          enabled,
          needsDeploy: true,
          removalFailure: null,
          updatedAt: now,
          ...leftBehind.$set,
        },
        $unset: leftBehind.$unset,
      },
      { returnDocument: 'after', session },
    )
    .lean<Instance>();
  if (!switched) throw notFound('The instance');
  return switched;
}

const overtaken = ({ revision }: ConfigRevision, present: Deployment): AppError =>
  new AppError(
    'conflict',
    `Revision ${present.revision} was deployed meanwhile, so revision ${revision} is not put into service. Deploy again if what is set up now is not what runs.`,
  );

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
