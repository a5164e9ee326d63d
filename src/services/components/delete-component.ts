import { z } from 'zod';
import { AppError } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findUsersOf } from './find-users-of';
import { getComponent } from './get-component';
import { removeVersion } from './remove-version';

export const deleteComponentInput = z.object({
  id: z.string(),
  force: z.boolean().nullish().describe('Also when published integrations run it, which fail from then on.'),
});

const MOST_NAMED = 10;

/**
 * Deletes one version of a component, with its package. Refused with `invalid_state`, naming them, while published
 * integrations run it, unless forced. Throws `not_found`.
 */
export async function deleteComponent(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteComponentInput>,
): Promise<ComponentVersion> {
  const { id, force } = parseInput(deleteComponentInput, raw);
  const version = await getComponent(deps, ctx, { id });
  requireWriter(ctx);
  if (version.organizationId === null)
    throw refused('This component ships with Tenon and cannot be deleted.');
  const users = force ? [] : await findUsersOf(deps, version, MOST_NAMED + 1);
  if (users.length > 0) throw refused(inUse(version, users));
  await removeVersion(deps, version);
  return version;
}

function inUse({ key, versionNumber }: ComponentVersion, users: string[]): string {
  const named = users.length > MOST_NAMED ? [...users.slice(0, MOST_NAMED), 'more'] : users;
  const remedy = 'Publish these with another version and delete the ones that use it, or force the deletion.';
  return `Version ${versionNumber} of "${key}" is used by published integrations: ${named.join(', ')}. ${remedy}`;
}

const refused = (message: string) =>
  new AppError('invalid_state', message, { faults: [{ field: '__all__', messages: [message] }] });
