import {
  createConnectionTemplate,
  createConnectionTemplateInput,
} from '../../../services/connection-templates/create-connection-template';
import { endpoint } from '../endpoint';
import { connectionTemplateView, presentTemplate } from './connection-template-view';

export const createConnectionTemplateEndpoint = endpoint({
  operationId: 'createConnectionTemplate',
  method: 'post',
  path: '/connection-templates',
  tag: 'Connection templates',
  summary: 'Create a preset of a connection, which definitions name',
  body: createConnectionTemplateInput.strict(),
  response: connectionTemplateView,
  status: 201,
  codes: ['forbidden', 'conflict'],
  async handler(deps, ctx, { body }) {
    return presentTemplate(deps, ctx, await createConnectionTemplate(deps, ctx, body));
  },
});
