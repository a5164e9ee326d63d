import { z } from 'zod';
import {
  validateDefinition,
  validateDefinitionInput,
} from '../../../services/integrations/validate-definition';
import { endpoint } from '../endpoint';

export const validateIntegrationEndpoint = endpoint({
  operationId: 'validateIntegration',
  method: 'post',
  path: '/integrations/validate',
  tag: 'Integrations',
  summary: 'Check a definition without storing it',
  body: validateDefinitionInput.strict(),
  response: z.object({
    isValid: z.boolean().describe('No fault of severity `error`; warnings do not count.'),
    faults: z.array(
      z.object({
        code: z.string(),
        severity: z.enum(['error', 'warning']),
        message: z.string(),
        hint: z.string(),
        path: z.string().describe('Where in the definition, dotted.'),
        line: z.int(),
        column: z.int(),
        step: z.string().optional().describe('Display name of the step concerned.'),
      }),
    ),
  }),
  async handler(deps, ctx, { body }) {
    return validateDefinition(deps, ctx, body);
  },
});
