import { z } from 'zod';
import { publicUrl } from '../../config/env';
import type { FlowConfig } from '../../store/models/flow-config.model';
import type { Deps, RequestContext } from '../context';
import { type FlowView, viewFlows } from '../integrations/flow-view';
import { parseInput } from '../parse-input';
import { loadPlan } from '../plans/load-plan';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export const listFlowConfigsInput = z.object({ instanceId: z.string() });

/** A flow of an instance with its address. */
export interface FlowConfigView extends FlowConfig {
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
  const chosen = (await draftPlanOf(deps, instance)).flows;
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
    return flowConfig ? [{ ...flowConfig, flow, webhookUrl: webhookUrlOf(deps, flowConfig._id) }] : [];
  });
}

/** Where callers reach the flow; also its test address, for a test instance. */
export function webhookUrlOf(deps: Pick<Deps, 'env'>, flowConfigId: string): string {
  return `${publicUrl(deps.env)}/trigger/${flowConfigId}`;
}
