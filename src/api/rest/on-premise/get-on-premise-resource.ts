import { getOnPremiseResource } from '../../../services/on-premise/find-resource';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { onPremiseView, presentOnPremise } from './on-premise-view';

export const getOnPremiseResourceEndpoint = endpoint({
  operationId: 'getOnPremiseResource',
  method: 'get',
  path: '/on-premise-resources/{id}',
  tag: 'On-premise resources',
  summary: 'Get an on-premise resource',
  params: idParams,
  response: onPremiseView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentOnPremise(await getOnPremiseResource(deps, ctx, params));
  },
});
