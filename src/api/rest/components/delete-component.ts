import { z } from 'zod';
import { deleteComponent } from '../../../services/components/delete-component';
import { endpoint } from '../endpoint';
import { flagQuery, idParams } from '../fields';

export const deleteComponentEndpoint = endpoint({
  operationId: 'deleteComponent',
  method: 'delete',
  path: '/components/{id}',
  tag: 'Components',
  summary: 'Delete a version of a component with its package',
  description: 'Refused while published integrations run it. Built-in components cannot be deleted.',
  params: idParams,
  query: z.strictObject({
    force: flagQuery.optional().describe('Also when published integrations run it, which fail from then on.'),
  }),
  codes: ['forbidden', 'invalid_state', 'not_found'],
  async handler(deps, ctx, { params, query }) {
    await deleteComponent(deps, ctx, { ...params, ...query });
  },
});
