import { updateInstance } from '../../../services/instances/update-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceView, presentInstance } from './instance-view';

export const disableInstanceEndpoint = endpoint({
  operationId: 'disableInstance',
  method: 'post',
  path: '/instances/{id}/disable',
  tag: 'Instances',
  summary: 'Stop triggers from starting flows',
  params: idParams,
  response: instanceView,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    return presentInstance(ctx, await updateInstance(deps, ctx, { id: params.id, enabled: false }));
  },
});
