import { z } from 'zod';
import { deleteInstance } from '../../../services/instances/delete-instance';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';

export const deleteInstanceEndpoint = endpoint({
  operationId: 'deleteInstance',
  method: 'delete',
  path: '/instances/{id}',
  tag: 'Instances',
  summary: 'Delete an instance with its executions, results and logs',
  description:
    'Flows and triggers that clear away what the instance set up elsewhere run first; when one fails, the instance stays and says so. Executions that run are terminated.',
  params: idParams,
  query: z.strictObject({
    force: flagQuery.optional().describe('Also when it could not clear away what it set up elsewhere.'),
  }),
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state', 'component_failed'],
  async handler(deps, ctx, { params, query }) {
    await deleteInstance(deps, ctx, { ...params, force: query.force });
  },
});
