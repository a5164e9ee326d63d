import { deleteCustomerConnection } from '../../../services/shared-connections/delete-customer-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteCustomerConnectionEndpoint = endpoint({
  operationId: 'deleteCustomerConnection',
  method: 'delete',
  path: '/customer-connections/{id}',
  tag: 'Shared connections',
  summary: 'Delete a customer’s values that no deployed instance uses',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteCustomerConnection(deps, ctx, params);
  },
});
