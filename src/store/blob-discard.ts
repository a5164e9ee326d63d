import type mongoose from 'mongoose';
import type { BlobCollections, BlobFile } from './blob-collections';

/** Age of an upload that nobody finishes any more: a request's body may take five minutes to arrive. */
export const STAGED_FOR_MS = 60 * 60_000;

/** Blobs that are removed at once. */
const BATCH = 100;

/**
 * Removes blobs, whole or not; answers how many. Entries go last, so that a crash in between leaves them to be
 * found; they are marked first, so that an upload under way cannot publish what is being removed.
 */
export async function discardBlobs(
  { files, chunks }: BlobCollections,
  filter: mongoose.mongo.Filter<BlobFile>,
): Promise<number> {
  let discarded = 0;
  for (;;) {
    const found = await files
      .find(filter, { projection: { _id: 1 } })
      .limit(BATCH)
      .toArray();
    if (found.length === 0) return discarded;
    const ids = found.map(({ _id }) => _id);
    await files.updateMany(
      // By the filter again: one that was published meanwhile is none of them.
      { $and: [filter, { _id: { $in: ids } }] },
      { $set: { 'metadata.state': 'discarded' }, $unset: { 'metadata.sha256': 1 } },
    );
    const marked = await files.distinct('_id', { _id: { $in: ids }, 'metadata.state': 'discarded' });
    await chunks.deleteMany({ files_id: { $in: marked } });
    await files.deleteMany({ _id: { $in: marked } });
    discarded += marked.length;
  }
}
