import { getCustomer } from '../../../services/customers/get-customer';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { customerView, presentCustomer } from './customer-view';

export const getCustomerEndpoint = endpoint({
  operationId: 'getCustomer',
  method: 'get',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Get a customer',
  params: idParams,
  response: customerView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentCustomer(await getCustomer(deps, ctx, params));
  },
});
