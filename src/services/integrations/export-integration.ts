import { z } from 'zod';
import { exportDefinition } from '../../definition';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findDraftOrVersion } from './find-integration';

export const exportIntegrationInput = z.object({
  id: z.string().describe('Of an integration, for its draft, or of a published version.'),
  latestComponents: z.boolean().nullish().describe('Name the latest version of every component.'),
});

/** The YAML text of a draft or of a published version. Throws `not_found`. */
export async function exportIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof exportIntegrationInput>,
): Promise<string> {
  const { id, latestComponents } = parseInput(exportIntegrationInput, raw);
  const { integration, version } = await findDraftOrVersion(deps, ctx, id);
  return exportDefinition((version ?? integration).definition, {
    latestComponents: latestComponents ?? false,
  });
}
