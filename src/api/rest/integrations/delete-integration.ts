import { deleteIntegration } from '../../../services/integrations/delete-integration';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteIntegrationEndpoint = endpoint({
  operationId: 'deleteIntegration',
  method: 'delete',
  path: '/integrations/{id}',
  tag: 'Integrations',
  summary: 'Delete an integration with its versions',
  description: 'Refused while instances of it exist.',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteIntegration(deps, ctx, params);
  },
});
