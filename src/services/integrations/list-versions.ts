import { z } from 'zod';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { findDraftOrVersion } from './find-integration';

export const listVersionsInput = z.object({
  integrationId: z.string(),
  isAvailable: z.boolean().nullish(),
  newestFirst: z.boolean().nullish(),
  first: z.int().min(1).nullish(),
});

/** The published versions of an integration, all of them unless `first` is given. Throws `not_found`. */
export async function listVersions(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listVersionsInput>,
): Promise<IntegrationVersion[]> {
  const input = parseInput(listVersionsInput, raw);
  const { integration } = await findDraftOrVersion(deps, ctx, input.integrationId);
  const query = deps.store.integrationVersions
    .find({
      integrationId: integration._id,
      ...(!isGiven(input.isAvailable) ? {} : { isAvailable: input.isAvailable }),
    })
    .sort({ versionNumber: input.newestFirst ? -1 : 1 });
  if (isGiven(input.first)) query.limit(input.first);
  return query.lean<IntegrationVersion[]>();
}
