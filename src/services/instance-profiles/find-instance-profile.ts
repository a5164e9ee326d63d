import { notFound } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Deps, RequestContext } from '../context';

/** The filter for the profiles that the actor may know of: they are the organization's own affair. */
export function visibleProfiles({ actor }: RequestContext): Record<string, unknown> {
  const { organizationId, customerId } = actor;
  return customerId === null ? { organizationId } : { organizationId, _id: null };
}

/** Id of the profile of an instance; null for the default one, and to those who may not know of profiles. */
export function knownProfileId(
  { actor }: RequestContext,
  { profileId }: Pick<Instance, 'profileId'>,
): string | null {
  return actor.customerId === null ? (profileId ?? null) : null;
}

/** The profile with that id, if the actor may know of it. Throws `not_found`. */
export async function findInstanceProfile(
  deps: Pick<Deps, 'store'>,
  ctx: RequestContext,
  id: string,
): Promise<InstanceProfile> {
  const found = await deps.store.instanceProfiles
    .findOne({ $and: [{ _id: id }, visibleProfiles(ctx)] })
    .lean<InstanceProfile>();
  if (!found) throw notFound('The instance profile');
  return found;
}

/** The profile that a definition names; null when the organization has none of that name. */
export function findProfileNamed(
  { store }: Pick<Deps, 'store'>,
  organizationId: string,
  name: string,
): Promise<InstanceProfile | null> {
  return store.instanceProfiles.findOne({ organizationId, name: name.trim() }).lean<InstanceProfile>();
}
