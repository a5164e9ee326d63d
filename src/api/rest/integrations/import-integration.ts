import { z } from 'zod';
import { getIntegration } from '../../../services/integrations/get-integration';
import { importIntegration, importIntegrationInput } from '../../../services/integrations/import-integration';
import { endpoint } from '../endpoint';
import { bodyId } from '../fields';
import { faultView } from './fault-view';
import { integrationView, presentIntegration } from './integration-view';

export const importIntegrationEndpoint = endpoint({
  operationId: 'importIntegration',
  method: 'post',
  path: '/integrations/import',
  tag: 'Integrations',
  summary: 'Import a definition as the draft of an integration',
  description: 'An integration of the same name, or the one that is named, gets the definition as its draft.',
  body: importIntegrationInput
    .extend({
      integrationId: bodyId
        .nullish()
        .describe('The integration to change; otherwise the one of that name, or a new one.'),
      customerId: bodyId.nullish().describe('The customer who owns it, for a new integration.'),
    })
    .strict(),
  response: integrationView.extend({
    warnings: z.array(faultView).describe('What is doubtful, but can be used.'),
  }),
  codes: ['invalid_definition', 'forbidden', 'not_found', 'conflict'],
  async handler(deps, ctx, { body }) {
    const integration = await importIntegration(deps, ctx, body);
    const view = presentIntegration(await getIntegration(deps, ctx, { id: integration._id }));
    return { ...view, warnings: integration.warnings };
  },
});
