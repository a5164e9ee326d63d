import { getUserConfig } from '../../../services/user-configs/get-user-config';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentUserConfig, userConfigView } from './user-config-view';

export const getUserConfigEndpoint = endpoint({
  operationId: 'getUserConfig',
  method: 'get',
  path: '/user-configs/{id}',
  tag: 'User configurations',
  summary: 'Get the configuration of a user',
  params: idParams,
  response: userConfigView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentUserConfig(deps, ctx, await getUserConfig(deps, ctx, params));
  },
});
