import { createCustomer, createCustomerInput } from '../../../services/customers/create-customer';
import { endpoint } from '../endpoint';
import { customerView, presentCustomer } from './customer-view';

export const createCustomerEndpoint = endpoint({
  operationId: 'createCustomer',
  method: 'post',
  path: '/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  body: createCustomerInput.strict(),
  response: customerView,
  status: 201,
  codes: ['forbidden', 'conflict'],
  async handler(deps, ctx, { body }) {
    return presentCustomer(await createCustomer(deps, ctx, body));
  },
});
