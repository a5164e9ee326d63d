import { updateInstance } from '../../../services/instances/update-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceView, presentInstance } from './instance-view';

export const enableInstanceEndpoint = endpoint({
  operationId: 'enableInstance',
  method: 'post',
  path: '/instances/{id}/enable',
  tag: 'Instances',
  summary: 'Let triggers start flows again',
  params: idParams,
  response: instanceView,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    return presentInstance(ctx, await updateInstance(deps, ctx, { id: params.id, enabled: true }));
  },
});
