import { z } from 'zod';
import { publicUrl } from '../../config/env';
import type { PlanEndpoint } from '../../engine/plan';
import type { FlowConfig } from '../../store/models/flow-config.model';
import type { Deps, RequestContext } from '../context';
import { type FlowView, viewFlows } from '../integrations/flow-view';
import { parseInput } from '../parse-input';
import { loadPlan } from '../plans/load-plan';
import { findInstance } from './find-instance';
import { openApiKeys } from './flow-configs/api-keys';
import { draftPlanOf } from './instance-plan';

export const listFlowConfigsInput = z.object({ instanceId: z.string() });

/** A flow of an instance with its address. */
export interface FlowConfigView extends Omit<FlowConfig, 'sealedApiKeys' | 'apiKeyDigests'> {
  apiKeys: string[];
  webhookUrl: string;
  flow: FlowView;
}

/** The flows of an instance: those of the chosen version, then those only deployed. Throws `not_found`. */
export async function listFlowConfigs(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listFlowConfigsInput>,
): Promise<FlowConfigView[]> {
  const { instanceId } = parseInput(listFlowConfigsInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const { flows: chosen, endpoint } = await draftPlanOf(deps, instance);
  const deployed = instance.deployment ? (await loadPlan(deps, instance.deployment.planId)).flows : [];
  const flows = [
    ...chosen,
    ...deployed.filter((old) => !chosen.some((flow) => flow.stableKey === old.stableKey)),
  ];
  const integration = { id: instance.integrationId, organizationId: instance.organizationId };
  const views = await viewFlows(deps, integration, flows);
  const stored = await deps.store.flowConfigs.find({ instanceId }).lean<FlowConfig[]>();
  const byKey = new Map(stored.map((flowConfig) => [flowConfig.flowStableKey, flowConfig]));
  return views.flatMap((flow) => {
    const flowConfig = byKey.get(flow.stableKey);
    if (!flowConfig) return [];
    const address = instance.isSystem ? flowConfig._id : addressOf(endpoint, flowConfig);
    const { sealedApiKeys, apiKeyDigests: _digests, ...shown } = flowConfig;
    const apiKeys = openApiKeys(deps, { sealedApiKeys });
    return [{ ...shown, apiKeys, flow, webhookUrl: webhookUrlOf(deps, address) }];
  });
}

/** What third parties call: the flow's own address, or the one that it shares. */
function addressOf(endpoint: PlanEndpoint | undefined, flowConfig: FlowConfig): string {
  if (!endpoint) return flowConfig._id;
  return endpoint.type === 'instance_specific' ? flowConfig.instanceId : flowConfig.integrationId;
}

/** Where callers reach a flow, by its flow config's id; an instance or an integration whose flows share it. */
export function webhookUrlOf(deps: Pick<Deps, 'env'>, id: string): string {
  return `${publicUrl(deps.env)}/trigger/${id}`;
}
