import { z } from 'zod';
import { listInstances } from '../../../services/instances/list-instances';
import { endpoint } from '../endpoint';
import { anyId, pageOf, pageQuery, presentPage } from '../fields';
import { instanceView, presentInstance } from './instance-view';

export const listInstancesEndpoint = endpoint({
  operationId: 'listInstances',
  method: 'get',
  path: '/instances',
  tag: 'Instances',
  summary: 'List instances',
  query: pageQuery.extend({
    customerId: anyId.optional(),
    integrationId: anyId.optional(),
    search: z.string().optional().describe('Part of the name.'),
  }),
  response: pageOf(instanceView),
  async handler(deps, ctx, { query }) {
    const page = await listInstances(deps, ctx, query);
    return presentPage(page, (instance) => presentInstance(ctx, instance));
  },
});
