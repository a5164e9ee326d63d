import { getConnectionTemplate } from '../../../services/connection-templates/get-connection-template';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { connectionTemplateView, presentTemplate } from './connection-template-view';

export const getConnectionTemplateEndpoint = endpoint({
  operationId: 'getConnectionTemplate',
  method: 'get',
  path: '/connection-templates/{id}',
  tag: 'Connection templates',
  summary: 'Get a preset of a connection',
  params: idParams,
  response: connectionTemplateView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentTemplate(deps, ctx, await getConnectionTemplate(deps, ctx, params));
  },
});
