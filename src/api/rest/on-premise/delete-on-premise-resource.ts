import { deleteOnPremiseResource } from '../../../services/on-premise/delete-resource';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteOnPremiseResourceEndpoint = endpoint({
  operationId: 'deleteOnPremiseResource',
  method: 'delete',
  path: '/on-premise-resources/{id}',
  tag: 'On-premise resources',
  summary: 'Delete an on-premise resource and cut its agent off',
  params: idParams,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { params }) {
    await deleteOnPremiseResource(deps, ctx, params);
  },
});
