import { z } from 'zod';
import { validateDefinition, validateDefinitionInput } from '../../../services/integrations/validate-definition';
import { endpoint } from '../endpoint';

export const validateIntegrationEndpoint = endpoint({
  operationId: 'validateIntegration',
  method: 'post',
  path: '/integrations/validate',
  tag: 'Integrations',
  summary: 'Check a definition without storing it',
  body: validateDefinitionInput.strict(),
  response: z.object({
    isValid: z.boolean().describe('No fault of kind `error`; warnings do not count.'),
    faults: z.array(
      z.object({
        kind: z.enum(['error', 'warning']),
        code: z.string(),
        message: z.string(),
        hint: z.string().nullable(),
        path: z.string().nullable().describe('Where in the definition.'),
        line: z.int().nullable(),
        column: z.int().nullable(),
      }),
    ),
  }),
  async handler(deps, ctx, { body }) {
    return validateDefinition(deps, ctx, body);
  },
});
