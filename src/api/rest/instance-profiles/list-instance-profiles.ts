import { z } from 'zod';
import { listInstanceProfiles } from '../../../services/instance-profiles/list-instance-profiles';
import { endpoint } from '../endpoint';
import { flagQuery, pageOf, pageQuery, presentPage } from '../fields';
import { instanceProfileView, presentInstanceProfile } from './instance-profile-view';

export const listInstanceProfilesEndpoint = endpoint({
  operationId: 'listInstanceProfiles',
  method: 'get',
  path: '/instance-profiles',
  tag: 'Instance profiles',
  summary: 'List instance profiles',
  query: pageQuery.extend({
    search: z.string().optional().describe('Part of the name.'),
    name: z.string().optional().describe('The whole name.'),
    isDefault: flagQuery.optional(),
  }),
  response: pageOf(instanceProfileView),
  async handler(deps, ctx, { query }) {
    const page = await listInstanceProfiles(deps, ctx, query);
    return presentPage(page, (profile) => presentInstanceProfile(deps, profile));
  },
});
