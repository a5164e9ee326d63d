import { deleteConnectionTemplate } from '../../../services/connection-templates/delete-connection-template';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteConnectionTemplateEndpoint = endpoint({
  operationId: 'deleteConnectionTemplate',
  method: 'delete',
  path: '/connection-templates/{id}',
  tag: 'Connection templates',
  summary: 'Delete a preset whose values no deployed instance has',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteConnectionTemplate(deps, ctx, params);
  },
});
