import {
  createInstanceProfile,
  createInstanceProfileInput,
} from '../../../services/instance-profiles/create-instance-profile';
import { endpoint } from '../endpoint';
import { instanceProfileView, presentInstanceProfile } from './instance-profile-view';

export const createInstanceProfileEndpoint = endpoint({
  operationId: 'createInstanceProfile',
  method: 'post',
  path: '/instance-profiles',
  tag: 'Instance profiles',
  summary: 'Create a profile that instances may have',
  body: createInstanceProfileInput.strict(),
  response: instanceProfileView,
  status: 201,
  codes: ['forbidden', 'conflict'],
  async handler(deps, ctx, { body }) {
    return presentInstanceProfile(deps, await createInstanceProfile(deps, ctx, body));
  },
});
