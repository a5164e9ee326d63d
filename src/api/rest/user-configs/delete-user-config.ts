import { z } from 'zod';
import { deleteUserConfig } from '../../../services/user-configs/delete-user-config';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';

export const deleteUserConfigEndpoint = endpoint({
  operationId: 'deleteUserConfig',
  method: 'delete',
  path: '/user-configs/{id}',
  tag: 'User configurations',
  summary: 'Delete the values and tokens of a user',
  description:
    'Flows for that moment run first; when one fails, nothing is deleted. Runs of the user that are under way fail when they go on.',
  params: idParams,
  query: z.strictObject({
    force: flagQuery.optional().describe('Also when a flow could not clear away what it set up elsewhere.'),
  }),
  codes: ['forbidden', 'not_found', 'conflict', 'component_failed'],
  async handler(deps, ctx, { params, query }) {
    await deleteUserConfig(deps, ctx, { ...params, force: query.force });
  },
});
