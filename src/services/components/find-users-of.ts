import type { ComponentVersion } from '../../store/models/component-version.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { Deps } from '../context';

/** The published integrations that run a version of a component, by name and version; at most `limit` of them. */
export async function findUsersOf(
  deps: Pick<Deps, 'store'>,
  { organizationId, signature }: Pick<ComponentVersion, 'organizationId' | 'signature'>,
  limit: number,
): Promise<string[]> {
  if (signature === '') return [];
  const { integrationVersions, plans } = deps.store;
  const own = await integrationVersions.distinct('planId', { organizationId });
  // A signature is hexadecimal: it means nothing to a regular expression, and stands in a plan as a pin only.
  const using = await plans
    .find({ _id: { $in: own }, json: { $regex: `"${signature}"` } }, { _id: 1 })
    .lean();
  const versions = await integrationVersions
    .find({ organizationId, planId: { $in: using.map(({ _id }) => _id) } }, { name: 1, versionNumber: 1 })
    .sort({ name: 1, versionNumber: 1 })
    .limit(limit)
    .lean<Pick<IntegrationVersion, 'name' | 'versionNumber'>[]>();
  return versions.map(({ name, versionNumber }) => `"${name}" (version ${versionNumber})`);
}
