import { z } from 'zod';
import { configVariableInput } from '../../../services/instances/config/config-variable-input';
import { updateUserConfig, updateUserConfigInput } from '../../../services/user-configs/update-user-config';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentUserConfig, userConfigView } from './user-config-view';

const variables = z.array(configVariableInput.strict());

export const updateUserConfigEndpoint = endpoint({
  operationId: 'updateUserConfig',
  method: 'patch',
  path: '/user-configs/{id}',
  tag: 'User configurations',
  summary: 'Change the configuration of a user',
  description:
    'Fields that are left out stay. Values count for runs that begin from now on, without a deploy; runs under way keep theirs.',
  params: idParams,
  body: updateUserConfigInput
    .omit({ id: true })
    .extend({
      configVariables: variables
        .nullish()
        .describe('Replace the set: what is left out falls back to its default.'),
      configVariablePatch: variables.nullish().describe('Change these only.'),
    })
    .strict(),
  response: userConfigView,
  codes: ['forbidden', 'not_found', 'conflict'],
  async handler(deps, ctx, { params, body }) {
    return presentUserConfig(deps, ctx, await updateUserConfig(deps, ctx, { ...body, id: params.id }));
  },
});
