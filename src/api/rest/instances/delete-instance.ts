import { deleteInstance } from '../../../services/instances/delete-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteInstanceEndpoint = endpoint({
  operationId: 'deleteInstance',
  method: 'delete',
  path: '/instances/{id}',
  tag: 'Instances',
  summary: 'Delete an instance with its executions, results and logs',
  description: 'Executions that run are terminated.',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteInstance(deps, ctx, params);
  },
});
