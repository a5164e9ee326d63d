import {
  updateSharedConnection,
  updateSharedConnectionInput,
} from '../../../services/shared-connections/update-shared-connection';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentOneShared, sharedConnectionView } from './shared-connection-view';

export const updateSharedConnectionEndpoint = endpoint({
  operationId: 'updateSharedConnection',
  method: 'patch',
  path: '/shared-connections/{id}',
  tag: 'Shared connections',
  summary: 'Change fields of a shared connection',
  description: 'Fields that are left out stay as they are. Values count for later runs, without a deploy.',
  params: idParams,
  body: updateSharedConnectionInput.omit({ id: true }).strict(),
  response: sharedConnectionView,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { params, body }) {
    const changed = await updateSharedConnection(deps, ctx, { ...body, id: params.id });
    return presentOneShared(deps, ctx, changed);
  },
});
