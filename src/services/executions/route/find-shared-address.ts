import type { Plan, PlanEndpoint } from '../../../engine/plan';
import type { Instance } from '../../../store/models/instance.model';
import type { IntegrationVersion } from '../../../store/models/integration-version.model';
import type { Deps } from '../../context';
import { sharedProfile } from '../../instance-profiles/profile-of-definition';
import { loadPlan } from '../../plans/load-plan';
import { sharedDeployment } from '../accept/draft-deployment';
import { type RunningDeployment, runningDeployment } from '../accept/find-endpoint';

type InstanceHead = Omit<Instance, 'configVariables'>;

/** An address that several flows share, or several customers too. */
export interface SharedAddress {
  integrationId: string;
  organizationId: string;
  endpoint: PlanEndpoint;
  plan: Plan;
  /** What a preprocess flow runs as. */
  deployment: RunningDeployment;
  /** Where a preprocess flow runs: the instance itself, or the integration's test instance. */
  home: InstanceHead;
}

/**
 * What an id stands for that is no flow's: an instance whose flows share its address, or an integration whose
 * customers share its address. An integration's newest published version decides how its deliveries are routed.
 */
export async function findSharedAddress(deps: Deps, id: string): Promise<SharedAddress | undefined> {
  const { instances, integrationVersions } = deps.store;
  const instance = await instances.findById(id, { configVariables: 0 }).lean<InstanceHead>();
  if (instance) {
    return addressOf(deps, instance, await runningDeployment(deps, instance), 'instance_specific');
  }
  const [version] = await integrationVersions
    .find({ integrationId: id, isAvailable: true }, { planId: 1 })
    .sort({ versionNumber: -1 })
    .limit(1)
    .lean<Pick<IntegrationVersion, '_id' | 'planId'>[]>();
  if (!version) return undefined;
  const home = await instances
    .findOne({ integrationId: id, isSystem: true }, { configVariables: 0 })
    .lean<InstanceHead>();
  if (!home) return undefined;
  const { configRevisionId } = await sharedDeployment(deps, home._id, version.planId);
  const deployment = { planId: version.planId, versionId: version._id, configRevisionId };
  const address = await addressOf(deps, home, deployment, 'shared_instance');
  if (address?.endpoint.preprocessFlow === undefined) return address;
  const profile = await sharedProfile(deps, home.organizationId, address.plan);
  return { ...address, deployment: { ...deployment, ...(profile && { profile }) } };
}

async function addressOf(
  deps: Deps,
  home: InstanceHead,
  deployment: RunningDeployment,
  type: PlanEndpoint['type'],
): Promise<SharedAddress | undefined> {
  const plan = await loadPlan(deps, deployment.planId);
  const { endpoint } = plan;
  if (endpoint?.type !== type) return undefined;
  const { integrationId, organizationId } = home;
  return { integrationId, organizationId, endpoint, plan, deployment, home };
}
