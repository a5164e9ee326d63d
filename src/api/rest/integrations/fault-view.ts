import { z } from 'zod';

/** One thing that is wrong, or doubtful, in a definition. */
export const faultView = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string(),
  path: z.string().describe('Where in the definition, dotted.'),
  line: z.int(),
  column: z.int(),
  step: z.string().optional().describe('Display name of the step concerned.'),
});
