import {
  updateConnectionTemplate,
  updateConnectionTemplateInput,
} from '../../../services/connection-templates/update-connection-template';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { connectionTemplateView, presentTemplate } from './connection-template-view';

export const updateConnectionTemplateEndpoint = endpoint({
  operationId: 'updateConnectionTemplate',
  method: 'patch',
  path: '/connection-templates/{id}',
  tag: 'Connection templates',
  summary: 'Change a preset of a connection',
  description:
    'What is left out stays as it is; an empty value takes a field out. Instances have it from their next deploy on.',
  params: idParams,
  body: updateConnectionTemplateInput.omit({ id: true, kind: true }).strict(),
  response: connectionTemplateView,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state'],
  async handler(deps, ctx, { params, body }) {
    const changed = await updateConnectionTemplate(deps, ctx, { ...body, id: params.id });
    return presentTemplate(deps, ctx, changed);
  },
});
