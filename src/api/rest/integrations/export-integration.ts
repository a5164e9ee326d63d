import { z } from 'zod';
import { exportIntegration } from '../../../services/integrations/export-integration';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';

export const exportIntegrationEndpoint = endpoint({
  operationId: 'exportIntegration',
  method: 'get',
  path: '/integrations/{id}/export',
  tag: 'Integrations',
  summary: 'Export the definition as YAML',
  params: idParams,
  query: z.strictObject({
    latestComponents: flagQuery
      .optional()
      .describe('Leave component versions out, so that an import takes the newest.'),
  }),
  response: z.object({ definition: z.string() }),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    return { definition: await exportIntegration(deps, ctx, { ...params, ...query }) };
  },
});
