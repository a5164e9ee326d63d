import { deleteInstanceProfile } from '../../../services/instance-profiles/delete-instance-profile';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';

export const deleteInstanceProfileEndpoint = endpoint({
  operationId: 'deleteInstanceProfile',
  method: 'delete',
  path: '/instance-profiles/{id}',
  tag: 'Instance profiles',
  summary: 'Delete a profile that no instance has and that is not the default one',
  params: idParams,
  codes: ['forbidden', 'not_found', 'invalid_state'],
  async handler(deps, ctx, { params }) {
    await deleteInstanceProfile(deps, ctx, params);
  },
});
