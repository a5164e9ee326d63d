import { z } from 'zod';
import { notFound } from '../../errors';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findVersion } from './find-integration';

export const setVersionAvailabilityInput = z.object({
  id: z.string().describe('Of a published version.'),
  isAvailable: z.boolean(),
});

/** Says whether a version may be chosen for instances; those that have it keep it. Throws `not_found`. */
export async function setVersionAvailability(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof setVersionAvailabilityInput>,
): Promise<IntegrationVersion> {
  const { id, isAvailable } = parseInput(setVersionAvailabilityInput, raw);
  await findVersion(deps, ctx, id);
  requireWriter(ctx);
  const changed = await deps.store.integrationVersions
    .findByIdAndUpdate(id, { $set: { isAvailable } }, { returnDocument: 'after' })
    .lean<IntegrationVersion>();
  if (!changed) throw notFound('The version');
  return changed;
}
