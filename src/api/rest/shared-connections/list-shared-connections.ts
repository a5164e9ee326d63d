import { z } from 'zod';
import { listSharedConnections } from '../../../services/shared-connections/list-shared-connections';
import { endpoint } from '../endpoint';
import { pageOf, pageQuery } from '../fields';
import { presentShared, sharedConnectionView } from './shared-connection-view';

export const listSharedConnectionsEndpoint = endpoint({
  operationId: 'listSharedConnections',
  method: 'get',
  path: '/shared-connections',
  tag: 'Shared connections',
  summary: 'List shared connections',
  query: pageQuery.extend({
    search: z.string().optional().describe('Part of the name.'),
    stableKey: z.string().optional(),
    managedBy: z.enum(['org', 'customer', 'system']).optional(),
    variableScope: z.enum(['org', 'customer']).optional(),
  }),
  response: pageOf(sharedConnectionView),
  async handler(deps, ctx, { query: { stableKey, managedBy, variableScope, ...query } }) {
    const page = await listSharedConnections(deps, ctx, {
      ...query,
      stableKeys: stableKey === undefined ? null : [stableKey],
      managedBy: managedBy === undefined ? null : [managedBy],
      variableScope: variableScope === undefined ? null : [variableScope],
    });
    const { nodes, endCursor, hasNextPage } = page;
    return { items: await presentShared(deps, ctx, nodes), endCursor, hasNextPage };
  },
});
