import { z } from 'zod';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findDraftOrVersion } from './find-integration';
import { type IntegrationView, viewOfDraft, viewOfVersion } from './integration-view';

export const getIntegrationInput = z.object({
  id: z.string().describe('Of an integration, for its draft, or of a published version.'),
});

/** A draft or a published version. Throws `not_found`. */
export async function getIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getIntegrationInput>,
): Promise<IntegrationView> {
  const { id } = parseInput(getIntegrationInput, raw);
  const { integration, version } = await findDraftOrVersion(deps, ctx, id);
  return version ? viewOfVersion(version) : viewOfDraft(integration);
}
