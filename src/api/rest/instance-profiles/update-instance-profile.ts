import {
  updateInstanceProfile,
  updateInstanceProfileInput,
} from '../../../services/instance-profiles/update-instance-profile';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceProfileView, presentInstanceProfile } from './instance-profile-view';

export const updateInstanceProfileEndpoint = endpoint({
  operationId: 'updateInstanceProfile',
  method: 'patch',
  path: '/instance-profiles/{id}',
  tag: 'Instance profiles',
  summary: 'Change fields of an instance profile',
  description:
    'Fields that are left out stay as they are. Changes count for an instance from its next deploy on; null as `allocatedMemoryMb` gives runners what all have.',
  params: idParams,
  body: updateInstanceProfileInput.omit({ id: true }).strict(),
  response: instanceProfileView,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { params, body }) {
    return presentInstanceProfile(deps, await updateInstanceProfile(deps, ctx, { ...body, id: params.id }));
  },
});
