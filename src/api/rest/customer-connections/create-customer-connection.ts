import {
  createCustomerConnection,
  createCustomerConnectionInput,
} from '../../../services/shared-connections/create-customer-connection';
import { endpoint } from '../endpoint';
import { bodyId } from '../fields';
import { customerConnectionView, presentCustomerConnection } from './customer-connection-view';

export const createCustomerConnectionEndpoint = endpoint({
  operationId: 'createCustomerConnection',
  method: 'post',
  path: '/customer-connections',
  tag: 'Shared connections',
  summary: 'Give a customer values of a shared connection',
  body: createCustomerConnectionInput.extend({ sharedConnectionId: bodyId, customerId: bodyId }).strict(),
  response: customerConnectionView,
  status: 201,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { body }) {
    const created = await createCustomerConnection(deps, ctx, body);
    return presentCustomerConnection(deps, ctx, created);
  },
});
