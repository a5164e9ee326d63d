import { notFound } from '../../errors';
import type { BlobOwner } from '../../store/blob-collections';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { READY } from './component-status';

/** Whose the files of a version are in the blob store: they are deleted with it. */
export function blobOwnerOf(versionId: string): BlobOwner {
  return { instanceId: `component:${versionId}` };
}

/** Whose a version's package is: it goes alone when it is refused. */
export function packageOwnerOf(versionId: string): BlobOwner {
  return { instanceId: `component-package:${versionId}` };
}

/** The package with that signature: a zip file's bytes. Throws `not_found` when no ready version has it. */
export async function readPackage(deps: Pick<Deps, 'store'>, signature: string): Promise<Buffer> {
  const found = await deps.store.componentVersions
    .findOne({ signature, ...READY, packageBlobId: { $ne: null } }, { packageBlobId: 1 })
    .lean<Pick<ComponentVersion, 'packageBlobId'>>();
  if (!found?.packageBlobId) throw notFound(`The package with the signature ${signature}`);
  return deps.store.blobs.get(found.packageBlobId);
}
