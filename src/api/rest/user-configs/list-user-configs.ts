import { z } from 'zod';
import { listUserConfigs } from '../../../services/user-configs/list-user-configs';
import { endpoint } from '../endpoint';
import { idParams, pageOf, pageQuery, presentPage } from '../fields';
import { presentUserConfigItem, userConfigItem } from './user-config-view';

export const listUserConfigsEndpoint = endpoint({
  operationId: 'listUserConfigs',
  method: 'get',
  path: '/instances/{id}/user-configs',
  tag: 'User configurations',
  summary: 'List the users of an instance who have values of their own',
  params: idParams,
  query: pageQuery.extend({ externalId: z.string().min(1).optional().describe('Of one user.') }),
  response: pageOf(userConfigItem),
  codes: ['not_found'],
  async handler(deps, ctx, { params, query }) {
    const page = await listUserConfigs(deps, ctx, { ...query, instanceId: params.id });
    return presentPage(page, presentUserConfigItem);
  },
});
