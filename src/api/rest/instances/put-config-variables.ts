import { updateInstance } from '../../../services/instances/update-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { configVariablesView, readConfigVariables } from './config-variables-view';
import { putConfigVariablesBody } from './instance-bodies';

export const putConfigVariablesEndpoint = endpoint({
  operationId: 'putInstanceConfigVariables',
  method: 'put',
  path: '/instances/{id}/config-variables',
  tag: 'Instances',
  summary: 'Replace the draft configuration',
  description: 'Variables that are left out lose their value. In service from the next deploy on.',
  params: idParams,
  body: putConfigVariablesBody,
  response: configVariablesView,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { params, body }) {
    await updateInstance(deps, ctx, { id: params.id, configVariables: body.configVariables });
    return readConfigVariables(deps, ctx, params.id);
  },
});
