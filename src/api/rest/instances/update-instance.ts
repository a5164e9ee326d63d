import { updateInstance } from '../../../services/instances/update-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { updateInstanceBody } from './instance-bodies';
import { instanceView, presentInstance } from './instance-view';

export const updateInstanceEndpoint = endpoint({
  operationId: 'updateInstance',
  method: 'patch',
  path: '/instances/{id}',
  tag: 'Instances',
  summary: 'Change fields of an instance',
  description:
    'Fields that are left out stay. Version, config variables, profile and what is kept of runs come into service at the next deploy.',
  params: idParams,
  body: updateInstanceBody,
  response: instanceView,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { params, body }) {
    return presentInstance(ctx, await updateInstance(deps, ctx, { ...body, id: params.id }));
  },
});
