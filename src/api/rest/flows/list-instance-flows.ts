import { z } from 'zod';
import { listFlowConfigs } from '../../../services/instances/list-flow-configs';
import { endpoint } from '../endpoint';
import { id, idParams } from '../fields';

export const listInstanceFlowsEndpoint = endpoint({
  operationId: 'listInstanceFlows',
  method: 'get',
  path: '/instances/{id}/flows',
  tag: 'Flows',
  summary: 'List the flows of an instance with their webhook URLs',
  params: idParams,
  response: z.object({
    items: z.array(
      z
        .object({
          id: id.describe('Of this flow of this instance: a flow config.'),
          flowId: id,
          name: z.string(),
          stableKey: z.string(),
          webhookUrl: z.url(),
          isActive: z.boolean().describe('Whether the deployed version has this flow.'),
          hasApiKeys: z.boolean(),
        })
        .meta({ id: 'InstanceFlow' }),
    ),
  }),
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    const flows = await listFlowConfigs(deps, ctx, { instanceId: params.id });
    const items = flows.map((flow) => ({
      id: flow._id,
      flowId: flow.flowId,
      name: flow.flowName,
      stableKey: flow.flowStableKey,
      webhookUrl: flow.webhookUrl,
      isActive: flow.isActive,
      hasApiKeys: flow.apiKeys.length > 0,
    }));
    return { items };
  },
});
