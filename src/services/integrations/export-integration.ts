import { z } from 'zod';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { atDesk } from './desk/at-desk';
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
  const text = (version ?? integration).definition;
  return atDesk(integration.organizationId, text, (ask) =>
    ask('export', { text, latestComponents: latestComponents ?? false }),
  );
}
