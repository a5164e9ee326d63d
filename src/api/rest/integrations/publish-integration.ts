import {
  publishIntegration,
  publishIntegrationInput,
} from '../../../services/integrations/publish-integration';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { presentVersion, versionView } from './version-view';

export const publishIntegrationEndpoint = endpoint({
  operationId: 'publishIntegration',
  method: 'post',
  path: '/integrations/{id}/publish',
  tag: 'Integrations',
  summary: 'Publish the draft as a new version',
  params: idParams,
  body: publishIntegrationInput.omit({ id: true }).strict(),
  response: versionView,
  status: 201,
  codes: ['invalid_definition', 'forbidden', 'not_found', 'conflict'],
  async handler(deps, ctx, { params, body }) {
    return presentVersion(await publishIntegration(deps, ctx, { ...body, id: params.id }));
  },
});
