import { z } from 'zod';
import { listCustomerConnections } from '../../../services/shared-connections/list-customer-connections';
import { endpoint } from '../endpoint';
import { anyId, pageOf, pageQuery } from '../fields';
import { customerConnectionView, presentCustomerConnections } from './customer-connection-view';

export const listCustomerConnectionsEndpoint = endpoint({
  operationId: 'listCustomerConnections',
  method: 'get',
  path: '/customer-connections',
  tag: 'Shared connections',
  summary: 'List customers’ values of shared connections',
  query: pageQuery.extend({
    sharedConnectionId: anyId.optional(),
    stableKey: z.string().optional().describe('Of the shared connection.'),
    customerId: anyId.optional(),
  }),
  response: pageOf(customerConnectionView),
  async handler(deps, ctx, { query }) {
    const page = await listCustomerConnections(deps, ctx, query);
    const { nodes, endCursor, hasNextPage } = page;
    return { items: await presentCustomerConnections(deps, ctx, nodes), endCursor, hasNextPage };
  },
});
