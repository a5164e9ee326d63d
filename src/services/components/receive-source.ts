import { notFound } from '../../errors';
import type { Deps } from '../context';
import { blobOwnerOf } from './package-store';

/** Stores the source code that a publisher sends along with a version, as it arrives. */
export async function receiveSource(
  deps: Pick<Deps, 'store'>,
  versionId: string,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  const { componentVersions, blobs } = deps.store;
  const { id } = await blobs.putPieces(pieces, blobOwnerOf(versionId));
  const { matchedCount } = await componentVersions.updateOne(
    { _id: versionId },
    { $set: { sourceBlobId: id } },
  );
  if (matchedCount === 0) throw notFound('The component');
}
