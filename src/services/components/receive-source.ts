import { notFound } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { blobOwnerOf } from './package-store';

/** Stores the source code that a publisher sends along with a version, as it arrives; what was there is replaced. */
export async function receiveSource(
  deps: Pick<Deps, 'store'>,
  versionId: string,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  const { componentVersions, blobs } = deps.store;
  const { id } = await blobs.putPieces(pieces, blobOwnerOf(versionId));
  const former = await componentVersions
    .findOneAndUpdate({ _id: versionId }, { $set: { sourceBlobId: id } })
    .lean<Pick<ComponentVersion, 'sourceBlobId' | 'definitionBlobId'>>();
  if (!former) {
    await blobs.discard(id);
    throw notFound('The component');
  }
  const { sourceBlobId, definitionBlobId } = former;
  // Equal contents of a version are one blob.
  if (sourceBlobId && sourceBlobId !== id && sourceBlobId !== definitionBlobId)
    await blobs.discard(sourceBlobId);
}
