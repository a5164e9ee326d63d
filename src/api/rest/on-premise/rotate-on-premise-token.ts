import { rotateAgentToken } from '../../../services/on-premise/rotate-agent-token';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { agentTokenView, presentOnPremise } from './on-premise-view';

export const rotateOnPremiseTokenEndpoint = endpoint({
  operationId: 'rotateOnPremiseToken',
  method: 'post',
  path: '/on-premise-resources/{id}/rotate-token',
  tag: 'On-premise resources',
  summary: 'Replace the token of an on-premise resource',
  description:
    'Former tokens are refused, and an agent that is connected with one is cut off within seconds.',
  params: idParams,
  response: agentTokenView,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { params }) {
    const { jwt, resource } = await rotateAgentToken(deps, ctx, params);
    return { jwt, resource: presentOnPremise(resource) };
  },
});
