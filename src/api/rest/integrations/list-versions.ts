import { z } from 'zod';
import { listVersions } from '../../../services/integrations/list-versions';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';
import { presentVersion, versionView } from './version-view';

export const listVersionsEndpoint = endpoint({
  operationId: 'listIntegrationVersions',
  method: 'get',
  path: '/integrations/{id}/versions',
  tag: 'Integrations',
  summary: 'List the published versions, newest first',
  params: idParams,
  query: z.strictObject({ isAvailable: flagQuery.optional() }),
  response: z.object({ items: z.array(versionView) }),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    const versions = await listVersions(deps, ctx, { integrationId: params.id, newestFirst: true, ...query });
    return { items: versions.map(presentVersion) };
  },
});
