import { getIntegration } from '../../../services/integrations/get-integration';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { integrationView, presentIntegration } from './integration-view';

export const getIntegrationEndpoint = endpoint({
  operationId: 'getIntegration',
  method: 'get',
  path: '/integrations/{id}',
  tag: 'Integrations',
  summary: 'Get an integration or one of its versions',
  params: idParams,
  response: integrationView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentIntegration(await getIntegration(deps, ctx, params));
  },
});
