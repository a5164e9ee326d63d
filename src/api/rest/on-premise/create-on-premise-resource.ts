import { createAgentToken, createAgentTokenInput } from '../../../services/on-premise/create-agent-token';
import { endpoint } from '../endpoint';
import { bodyId } from '../fields';
import { agentTokenView, presentOnPremise } from './on-premise-view';

export const createOnPremiseResourceEndpoint = endpoint({
  operationId: 'createOnPremiseResource',
  method: 'post',
  path: '/on-premise-resources',
  tag: 'On-premise resources',
  summary: 'Create an on-premise resource with the token of its agent',
  description: 'With `resourceId` nothing is created: the token of that resource is answered once more.',
  body: createAgentTokenInput
    .extend({
      resourceId: bodyId.nullish().describe('A resource that is there already.'),
      customerId: bodyId
        .nullish()
        .describe('Whose instances may use it; the organization’s own if not given.'),
    })
    .strict(),
  response: agentTokenView,
  status: 201,
  codes: ['forbidden', 'not_found'],
  async handler(deps, ctx, { body }) {
    const { jwt, resource } = await createAgentToken(deps, ctx, body);
    return { jwt, resource: presentOnPremise(resource) };
  },
});
