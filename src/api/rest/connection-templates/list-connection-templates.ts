import { z } from 'zod';
import { listConnectionTemplates } from '../../../services/connection-templates/list-connection-templates';
import { endpoint } from '../endpoint';
import { flagQuery, pageOf, pageQuery } from '../fields';
import { connectionTemplateView, presentTemplates } from './connection-template-view';

export const listConnectionTemplatesEndpoint = endpoint({
  operationId: 'listConnectionTemplates',
  method: 'get',
  path: '/connection-templates',
  tag: 'Connection templates',
  summary: 'List presets of connections, by name',
  query: pageQuery.extend({
    search: z.string().optional().describe('Part of the name.'),
    component: z.string().optional().describe('Key of a component.'),
    isPublic: flagQuery.optional().describe('With `component`: whether it is a built-in one.'),
    connection: z.string().optional().describe('Key of a kind of connection.'),
  }),
  response: pageOf(connectionTemplateView),
  async handler(deps, ctx, { query: { component, isPublic, ...query } }) {
    const of = component === undefined ? null : { key: component, isPublic };
    const page = await listConnectionTemplates(deps, ctx, { ...query, component: of });
    const { nodes, endCursor, hasNextPage } = page;
    return { items: await presentTemplates(deps, ctx, nodes), endCursor, hasNextPage };
  },
});
