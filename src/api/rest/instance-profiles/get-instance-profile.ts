import { getInstanceProfile } from '../../../services/instance-profiles/get-instance-profile';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceProfileView, presentInstanceProfile } from './instance-profile-view';

export const getInstanceProfileEndpoint = endpoint({
  operationId: 'getInstanceProfile',
  method: 'get',
  path: '/instance-profiles/{id}',
  tag: 'Instance profiles',
  summary: 'Get an instance profile',
  params: idParams,
  response: instanceProfileView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentInstanceProfile(deps, await getInstanceProfile(deps, ctx, params));
  },
});
