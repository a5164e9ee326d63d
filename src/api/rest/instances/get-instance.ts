import { getInstance } from '../../../services/instances/get-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceView, presentInstance } from './instance-view';

export const getInstanceEndpoint = endpoint({
  operationId: 'getInstance',
  method: 'get',
  path: '/instances/{id}',
  tag: 'Instances',
  summary: 'Get an instance',
  params: idParams,
  response: instanceView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentInstance(ctx, await getInstance(deps, ctx, params));
  },
});
