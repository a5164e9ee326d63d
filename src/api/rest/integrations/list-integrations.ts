import { z } from 'zod';
import { listIntegrations } from '../../../services/integrations/list-integrations';
import { endpoint } from '../endpoint';
import { anyId, flagQuery, pageOf, pageQuery, presentPage } from '../fields';
import { integrationSummary, presentIntegrationSummary } from './integration-view';

export const listIntegrationsEndpoint = endpoint({
  operationId: 'listIntegrations',
  method: 'get',
  path: '/integrations',
  tag: 'Integrations',
  summary: 'List integrations',
  query: pageQuery.extend({
    search: z.string().optional().describe('Part of the name.'),
    customerId: anyId.optional().describe('Those that this customer owns.'),
    hasCustomer: flagQuery.optional().describe('`true`: those that a customer owns; `false`: the others.'),
    allVersions: flagQuery.optional().describe('Published versions too, each an item of its own.'),
  }),
  response: pageOf(integrationSummary),
  async handler(deps, ctx, { query }) {
    return presentPage(await listIntegrations(deps, ctx, query), presentIntegrationSummary);
  },
});
