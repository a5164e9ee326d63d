import {
  createSharedConnection,
  createSharedConnectionInput,
} from '../../../services/shared-connections/create-shared-connection';
import { endpoint } from '../endpoint';
import { presentOneShared, sharedConnectionView } from './shared-connection-view';

export const createSharedConnectionEndpoint = endpoint({
  operationId: 'createSharedConnection',
  method: 'post',
  path: '/shared-connections',
  tag: 'Shared connections',
  summary: 'Create a connection that many instances use',
  body: createSharedConnectionInput.strict(),
  response: sharedConnectionView,
  status: 201,
  codes: ['forbidden', 'conflict'],
  async handler(deps, ctx, { body }) {
    return presentOneShared(deps, ctx, await createSharedConnection(deps, ctx, body));
  },
});
