import { deleteSharedConnection } from '../../../services/shared-connections/delete-shared-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteSharedConnectionEndpoint = endpoint({
  operationId: 'deleteSharedConnection',
  method: 'delete',
  path: '/shared-connections/{id}',
  tag: 'Shared connections',
  summary: 'Delete a shared connection that no deployed instance uses',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteSharedConnection(deps, ctx, params);
  },
});
