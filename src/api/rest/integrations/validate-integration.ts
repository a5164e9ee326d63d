import { z } from 'zod';
import {
  validateDefinition,
  validateDefinitionInput,
} from '../../../services/integrations/validate-definition';
import { endpoint } from '../endpoint';
import { faultView } from './fault-view';

export const validateIntegrationEndpoint = endpoint({
  operationId: 'validateIntegration',
  method: 'post',
  path: '/integrations/validate',
  tag: 'Integrations',
  summary: 'Check a definition without storing it',
  body: validateDefinitionInput.strict(),
  response: z.object({
    isValid: z.boolean().describe('No fault of severity `error`; warnings do not count.'),
    faults: z.array(faultView),
  }),
  async handler(deps, ctx, { body }) {
    return validateDefinition(deps, ctx, body);
  },
});
