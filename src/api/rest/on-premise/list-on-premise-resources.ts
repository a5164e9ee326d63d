import { z } from 'zod';
import { listOnPremiseResources } from '../../../services/on-premise/list-resources';
import { RESOURCE_STATUSES } from '../../../services/on-premise/resource-status';
import { endpoint } from '../endpoint';
import { anyId, pageOf, pageQuery, presentPage } from '../fields';
import { onPremiseView, presentOnPremise } from './on-premise-view';

export const listOnPremiseResourcesEndpoint = endpoint({
  operationId: 'listOnPremiseResources',
  method: 'get',
  path: '/on-premise-resources',
  tag: 'On-premise resources',
  summary: 'List on-premise resources',
  query: pageQuery.extend({
    customerId: anyId.optional(),
    search: z.string().optional().describe('Part of the name.'),
    status: z.enum(RESOURCE_STATUSES).optional(),
  }),
  response: pageOf(onPremiseView),
  async handler(deps, ctx, { query }) {
    return presentPage(await listOnPremiseResources(deps, ctx, query), presentOnPremise);
  },
});
