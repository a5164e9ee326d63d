import {
  updateCustomerConnection,
  updateCustomerConnectionInput,
} from '../../../services/shared-connections/update-customer-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { customerConnectionView, presentCustomerConnection } from './customer-connection-view';

export const updateCustomerConnectionEndpoint = endpoint({
  operationId: 'updateCustomerConnection',
  method: 'patch',
  path: '/customer-connections/{id}',
  tag: 'Shared connections',
  summary: 'Change a customer’s values of a shared connection',
  description: 'Fields that are left out stay as they are. They count for later runs, without a deploy.',
  params: idParams,
  body: updateCustomerConnectionInput.omit({ id: true }).strict(),
  response: customerConnectionView,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { params, body }) {
    const changed = await updateCustomerConnection(deps, ctx, { ...body, id: params.id });
    return presentCustomerConnection(deps, ctx, changed);
  },
});
