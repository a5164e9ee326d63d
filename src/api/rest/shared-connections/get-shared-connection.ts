import { getSharedConnection } from '../../../services/shared-connections/get-shared-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentOneShared, sharedConnectionView } from './shared-connection-view';

export const getSharedConnectionEndpoint = endpoint({
  operationId: 'getSharedConnection',
  method: 'get',
  path: '/shared-connections/{id}',
  tag: 'Shared connections',
  summary: 'Get a shared connection',
  params: idParams,
  response: sharedConnectionView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentOneShared(deps, ctx, await getSharedConnection(deps, ctx, params));
  },
});
