import { z } from 'zod';
import { configVariableInput } from '../../../services/instances/config/config-variable-input';
import { createUserConfig, createUserConfigInput } from '../../../services/user-configs/create-user-config';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentUserConfig, userConfigView } from './user-config-view';

export const createUserConfigEndpoint = endpoint({
  operationId: 'createUserConfig',
  method: 'post',
  path: '/instances/{id}/user-configs',
  tag: 'User configurations',
  summary: 'Begin the configuration of an end user of an instance',
  description: 'For the variables of pages that each user fills in. Values count at once, without a deploy.',
  params: idParams,
  body: createUserConfigInput
    .omit({ instanceId: true })
    .extend({ configVariables: z.array(configVariableInput.strict()).nullish() })
    .strict(),
  response: userConfigView,
  status: 201,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { params, body }) {
    const config = await createUserConfig(deps, ctx, { ...body, instanceId: params.id });
    return presentUserConfig(deps, ctx, config);
  },
});
