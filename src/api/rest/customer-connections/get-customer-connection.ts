import { getCustomerConnection } from '../../../services/shared-connections/get-shared-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { customerConnectionView, presentCustomerConnection } from './customer-connection-view';

export const getCustomerConnectionEndpoint = endpoint({
  operationId: 'getCustomerConnection',
  method: 'get',
  path: '/customer-connections/{id}',
  tag: 'Shared connections',
  summary: 'Get a customer’s values of a shared connection',
  params: idParams,
  response: customerConnectionView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    const found = await getCustomerConnection(deps, ctx, params);
    return presentCustomerConnection(deps, ctx, found);
  },
});
