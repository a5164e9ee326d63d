import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Instance } from '../../../store/models/instance.model';
import type { RunProfile } from '../../../store/models/instance-profile.model';
import type { Store } from '../../../store/store';
import { batchedFind } from '../../batched-find';
import type { Deps } from '../../context';
import { testProfile } from '../../instance-profiles/profile-of-definition';
import { isApiKeyOf } from '../../instances/flow-configs/api-keys';
import { onePer } from '../../one-per';
import { loadPlan } from '../../plans/load-plan';
import { draftDeployment } from './draft-deployment';

/** What of an instance runs: the deployed version, or the draft on a test instance. */
export interface RunningDeployment {
  planId: string;
  configRevisionId: string;
  /** Null for the draft. */
  versionId: string | null;
  profile?: RunProfile;
}

/** What the door wants of a flow config. */
type FlowAddress = Pick<FlowConfig, '_id' | 'instanceId' | 'flowId' | 'flowStableKey' | 'apiKeyDigests'>;

const ADDRESS: Record<keyof FlowAddress, 1> = {
  _id: 1,
  instanceId: 1,
  flowId: 1,
  flowStableKey: 1,
  apiKeyDigests: 1,
};

/** A flow of an instance, ready to run. */
export interface Endpoint {
  flowConfig: FlowAddress;
  instance: Omit<Instance, 'configVariables' | 'deployment'> & { deployment: RunningDeployment };
  flow: PlanFlow;
  /** Id of the address that it shares with other flows; requests of third parties are for that one. */
  sharedAddressId?: string;
}

/** Deliveries that arrive together share these reads, which are the door's own and so bypass mongoose. */
const findersOf = onePer(({ flowConfigs, instances }: Store) => ({
  flowConfig: batchedFind(
    (ids) =>
      flowConfigs.collection
        .find({ _id: { $in: ids as never[] } }, { projection: ADDRESS })
        .toArray() as Promise<never[]>,
  ) as (id: string) => Promise<FlowAddress | undefined>,
  instance: batchedFind(
    (ids) =>
      instances.collection
        .find({ _id: { $in: ids as never[] } }, { projection: { configVariables: 0 } })
        .toArray() as Promise<never[]>,
  ) as (id: string) => Promise<Omit<Instance, 'configVariables'> | undefined>,
}));

/** What stood at an address when the instance's keys had that revision. */
interface Address {
  flowConfig: FlowAddress;
  keysRevision: string | undefined;
}

/** Keys that a process of a former release changes, which tells nobody, count after so long at the latest. */
const REMEMBERED_MS = 60_000;

/** Of what an address stands for only the keys change. */
const addresses = new LRUCache<string, Address>({ max: 50_000, ttl: REMEMBERED_MS });

/**
 * Finds what a flow's address stands for, in one indexed read when it is known here. Refuses with `flow_not_found`,
 * `flow_not_deployed` or `instance_disabled`.
 */
export async function findEndpoint(deps: Deps, flowConfigId: string): Promise<Endpoint> {
  const found = await lookUpEndpoint(deps, flowConfigId);
  if (!found) throw new AppError('flow_not_found', 'No flow has this address.');
  return found;
}

/** The same; undefined when the id is no flow's. */
export async function lookUpEndpoint(deps: Deps, flowConfigId: string): Promise<Endpoint | undefined> {
  const find = findersOf(deps.store);
  const known = addresses.get(flowConfigId);
  const { instanceId } = known?.flowConfig ?? (await find.flowConfig(flowConfigId)) ?? {};
  const instance = instanceId === undefined ? undefined : await find.instance(instanceId);
  if (!instance) return undefined;
  const { keysRevision } = instance;
  const isPresent = known !== undefined && known.keysRevision === keysRevision;
  // Behind the instance: the keys are those of its revision, or newer.
  const flowConfig = isPresent ? known.flowConfig : await find.flowConfig(flowConfigId);
  if (!flowConfig) return undefined;
  if (!isPresent) addresses.set(flowConfigId, { flowConfig, keysRevision });
  const deployment = await runningDeployment(deps, instance);
  const plan = await loadPlan(deps, deployment.planId);
  const flow = plan.flows.find(({ stableKey }) => stableKey === flowConfig.flowStableKey);
  if (!flow) throw new AppError('flow_not_deployed', 'What runs here now has no such flow.');
  const endpoint = { flowConfig, instance: { ...instance, deployment }, flow };
  // A test address is each flow's own, whatever the endpoint's type.
  if (!plan.endpoint || instance.isSystem) return endpoint;
  const isOfInstance = plan.endpoint.type === 'instance_specific';
  return { ...endpoint, sharedAddressId: isOfInstance ? instance._id : instance.integrationId };
}

/** Refuses with `flow_not_deployed` or `instance_disabled`. */
export async function runningDeployment(
  deps: Deps,
  instance: Omit<Instance, 'configVariables'>,
): Promise<RunningDeployment> {
  if (instance.isSystem) {
    const draft = await draftDeployment(deps, instance._id);
    const profile = await testProfile(deps, instance.organizationId, draft.planId);
    return { ...draft, versionId: null, ...(profile && { profile }) };
  }
  if (!instance.deployment)
    throw new AppError('flow_not_deployed', 'The instance of this flow is not deployed.');
  if (!instance.enabled) throw new AppError('instance_disabled', 'The instance of this flow is disabled.');
  return instance.deployment;
}

/** Whether the flow runs by schedule alone. */
export function isScheduleOnly({ trigger }: PlanFlow): boolean {
  return trigger.component.isPublic && trigger.component.key === 'schedule-triggers';
}

/** Whether nothing that is sent starts the flow: a schedule does, or a deploy or a removal. */
export function isWithoutWebhook(flow: PlanFlow): boolean {
  const { isPublic, key } = flow.trigger.component;
  return isScheduleOnly(flow) || (isPublic && key === 'management-triggers');
}

/** Checks the caller's API key by the flow's endpoint security; throws `unauthenticated`. */
export function checkApiKey(
  deps: Pick<Deps, 'sealer'>,
  { flow, flowConfig }: Endpoint,
  apiKey: string | undefined,
): void {
  const security = flow.endpointSecurityType;
  if (security === 'unsecured') return;
  if (security === 'customer_optional' && flowConfig.apiKeyDigests.length === 0) return;
  const isAmong = (key: string) =>
    security === 'organization'
      ? flow.organizationApiKeys.filter((one) => isSame(one, key)).length > 0
      : isApiKeyOf(deps, flowConfig, key);
  if (apiKey !== undefined && isAmong(apiKey)) return;
  throw new AppError('unauthenticated', 'This flow wants a valid API key in the header Api-Key.');
}

/** By hashes, which are of one length: the time says nothing of the key's. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
