import { updateCustomer, updateCustomerInput } from '../../../services/customers/update-customer';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { customerView, presentCustomer } from './customer-view';

export const updateCustomerEndpoint = endpoint({
  operationId: 'updateCustomer',
  method: 'patch',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Change fields of a customer',
  description: 'Fields that are left out stay as they are.',
  params: idParams,
  body: updateCustomerInput.omit({ id: true }).strict(),
  response: customerView,
  codes: ['forbidden', 'not_found', 'conflict'],
  async handler(deps, ctx, { params, body }) {
    return presentCustomer(await updateCustomer(deps, ctx, { ...body, id: params.id }));
  },
});
