import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { removeMediaOfVersion } from '../media/remove-media';
import { holdParent, inTransaction } from '../transaction';
import { componentNameId } from './count-version';
import { markLatest } from './mark-latest';
import { blobOwnerOf, packageOwnerOf } from './package-store';

/** Removes a version with its files; the newest one that is left becomes the latest. */
export async function removeVersion(
  deps: Pick<Deps, 'store'>,
  version: Pick<ComponentVersion, '_id' | 'organizationId' | 'key' | 'isPublic'>,
): Promise<void> {
  const { _id, organizationId, key, isPublic } = version;
  const { componentVersions, componentNames, blobs } = deps.store;
  if (organizationId === null) throw new Error('A built-in component cannot be removed.');
  await inTransaction(deps, async (session) => {
    await holdParent(componentNames, componentNameId({ organizationId, key, isPublic }), session);
    await componentVersions.deleteOne({ _id }, { session });
    await markLatest(deps, { organizationId, key, isPublic }, session);
  });
  // A crash before this leaves files that nobody finds; they cost room only.
  await blobs.deleteOfInstance(packageOwnerOf(_id).instanceId);
  await blobs.deleteOfInstance(blobOwnerOf(_id).instanceId);
  await removeMediaOfVersion(deps, _id);
}
