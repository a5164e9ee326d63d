import { deleteCustomer } from '../../../services/customers/delete-customer';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteCustomerEndpoint = endpoint({
  operationId: 'deleteCustomer',
  method: 'delete',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Delete a customer with its instances',
  params: idParams,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteCustomer(deps, ctx, params);
  },
});
