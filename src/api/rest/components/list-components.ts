import { z } from 'zod';
import { listComponents } from '../../../services/components/list-components';
import { endpoint } from '../endpoint';
import { flagQuery, pageOf, pageQuery, presentPage } from '../fields';
import { componentSummary, presentComponentSummary } from './component-view';

export const listComponentsEndpoint = endpoint({
  operationId: 'listComponents',
  method: 'get',
  path: '/components',
  tag: 'Components',
  summary: 'List components, the newest usable version of each',
  query: pageQuery.extend({
    search: z.string().optional().describe('Part of the key or the label.'),
    key: z.string().optional(),
    isPublic: flagQuery.optional(),
    versionNumber: z.coerce.number().int().min(1).optional(),
    allVersions: flagQuery.optional().describe('Every version, also those that cannot be used.'),
    includeCodeNative: flagQuery.optional().describe('Also the code of code-native integrations.'),
  }),
  response: pageOf(componentSummary),
  async handler(deps, ctx, { query }) {
    return presentPage(await listComponents(deps, ctx, query), presentComponentSummary);
  },
});
