import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { configVariablesView, readConfigVariables } from './config-variables-view';

export const getConfigVariablesEndpoint = endpoint({
  operationId: 'getInstanceConfigVariables',
  method: 'get',
  path: '/instances/{id}/config-variables',
  tag: 'Instances',
  summary: 'Get the draft configuration',
  params: idParams,
  response: configVariablesView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return readConfigVariables(deps, ctx, params.id);
  },
});
