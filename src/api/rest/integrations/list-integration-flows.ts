import { z } from 'zod';
import { listFlows } from '../../../services/integrations/list-flows';
import { endpoint } from '../endpoint';
import { id, idParams } from '../fields';

export const listIntegrationFlowsEndpoint = endpoint({
  operationId: 'listIntegrationFlows',
  method: 'get',
  path: '/integrations/{id}/flows',
  tag: 'Integrations',
  summary: 'List the flows of an integration or version',
  params: idParams,
  response: z.object({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        stableKey: z.string(),
        description: z.string(),
        triggerComponentKey: z.string(),
        triggerActionKey: z.string(),
      }),
    ),
  }),
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    const flows = await listFlows(deps, ctx, params);
    const items = flows.map((flow) => ({
      id: flow.id,
      name: flow.name,
      stableKey: flow.stableKey,
      description: flow.description,
      triggerComponentKey: flow.triggerComponentKey,
      triggerActionKey: flow.triggerActionKey,
    }));
    return { items };
  },
});
