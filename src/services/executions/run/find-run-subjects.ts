import { publicUrl } from '../../../config/env';
import type { Plan, PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Deps } from '../../context';
import { flowConfigIdOf } from '../../ids';
import { openApiKeys } from '../../instances/flow-configs/api-keys';

/** Who and what a run is about, as components are told. */
export interface RunSubjects {
  customer: { id: string; externalId: string; name: string };
  instance: { id: string; name: string };
  integration: { id: string; name: string; versionSequenceId: string; externalVersion: string };
  globalDebug: boolean;
  /** By flow name: every flow of the plan. */
  webhookUrls: Record<string, string>;
  webhookApiKeys: Record<string, string[]>;
}

type Owner = Pick<Execution, 'instanceId' | 'customerId' | 'integrationId' | 'versionId'>;

/** Reads it; the flows are those of the run's own plan, which need not be the one in service. */
export async function findRunSubjects(deps: Deps, owner: Owner, plan: Plan): Promise<RunSubjects> {
  const { store, env } = deps;
  const { instanceId, customerId, integrationId, versionId } = owner;
  const [instance, customer, version, flowConfigs] = await Promise.all([
    store.instances.findById(instanceId, { name: 1, globalDebug: 1 }).lean(),
    customerId ? store.customers.findById(customerId).lean() : null,
    versionId ? store.integrationVersions.findById(versionId, { name: 1, versionNumber: 1 }).lean() : null,
    store.flowConfigs.find({ instanceId }).lean<FlowConfig[]>(),
  ]);
  if (!instance) throw new AppError('not_found', 'The instance was deleted.');
  const keys = new Map(flowConfigs.map((one) => [one.flowStableKey, openApiKeys(deps, one)]));
  const byFlow = <T>(valueOf: (flow: PlanFlow) => T) =>
    Object.fromEntries(plan.flows.map((flow) => [flow.name, valueOf(flow)]));
  return {
    customer: { id: customer?._id ?? '', externalId: customer?.externalId ?? '', name: customer?.name ?? '' },
    instance: { id: instance._id, name: instance.name },
    integration: {
      id: integrationId,
      name: version?.name ?? plan.integrationName,
      versionSequenceId: versionId ?? '',
      externalVersion: version ? String(version.versionNumber) : '',
    },
    globalDebug: instance.globalDebug,
    // A flow's own address, also where third parties are shown a shared one, as which it then counts for them:
    // published components take its end for the flow's id, and call siblings by it.
    webhookUrls: byFlow((flow) => `${publicUrl(env)}/trigger/${flowConfigIdOf(instanceId, flow.stableKey)}`),
    webhookApiKeys: byFlow((flow) =>
      flow.endpointSecurityType === 'organization'
        ? flow.organizationApiKeys
        : (keys.get(flow.stableKey) ?? []),
    ),
  };
}
