import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import type { BlobCollections, BlobFile, BlobOwner } from './blob-collections';
import { discardBlobs } from './blob-discard';
import { fewAtOnce } from './few-at-once';
import { inChunks } from './in-chunks';
import { indexedText } from './indexed-text';

/** Of one chunk, for content that is in memory anyhow: measured twice as fast as GridFS's default of 255 KB. */
const CHUNK_BYTES = 1020 * 1024;
/** Of one chunk, for content that arrives: each upload holds a few of them, and many may be under way. */
const ARRIVING_CHUNK_BYTES = 255 * 1024;
/** Chunks of one upload that are on their way to MongoDB at once, or wait for it. */
const MOST_UNDERWAY = 3;
/** The same for all uploads of this process together: each takes several times its room while it is sent. */
const oneOfFew = fewAtOnce(6);

type Pieces = Iterable<Buffer> | AsyncIterable<Buffer>;

/** The id of the instance's blob with that content, if it is there whole. */
export async function findEqual(
  { files }: BlobCollections,
  { instanceId }: BlobOwner,
  sha256: string,
): Promise<string | undefined> {
  const found = await files.findOne(
    { 'metadata.instanceId': instanceId, 'metadata.sha256': indexedText(sha256) },
    { projection: { _id: 1 } },
  );
  return found?._id.toHexString();
}

/**
 * Stores content under a new id that nobody knows, then publishes it by its hash in one write: a crash before
 * leaves nothing that is taken for whole. Of equal contents that arrive together one is published, the other
 * ones are removed again.
 */
export async function uploadBlob(
  collections: BlobCollections,
  pieces: Pieces,
  owner: BlobOwner,
  knownHash?: string,
): Promise<{ id: string; bytes: number }> {
  const _id = new mongoose.mongo.ObjectId();
  const uploadDate = new Date();
  const chunkSize = knownHash === undefined ? ARRIVING_CHUNK_BYTES : CHUNK_BYTES;
  const metadata = { ...owner, state: 'staged' as const };
  await collections.files.insertOne({
    _id,
    length: 0,
    chunkSize,
    uploadDate,
    filename: '',
    metadata,
  });
  try {
    const hash = knownHash === undefined ? createHash('sha256') : undefined;
    const bytes = await storeChunks(collections, { _id, chunkSize }, pieces, hash);
    const sha256 = knownHash ?? hash?.digest('hex') ?? '';
    if (await publish(collections, _id, bytes, sha256)) return { id: _id.toHexString(), bytes };
    const equal = await findEqual(collections, owner, sha256);
    if (equal === undefined) throw new Error('The instance was deleted while its content was stored.');
    await giveUp(collections, _id);
    return { id: equal, bytes };
  } catch (error) {
    await giveUp(collections, _id);
    throw error;
  }
}

/** Removes an upload, unless it was published after all; what this cannot remove, the sweeper does. */
async function giveUp(collections: BlobCollections, _id: mongoose.mongo.ObjectId): Promise<void> {
  try {
    await discardBlobs(collections, { _id, 'metadata.state': { $exists: true } });
    // Chunks that were written after somebody else removed it.
    const isLeft = await collections.files.findOne({ _id }, { projection: { _id: 1 } });
    if (!isLeft) await collections.chunks.deleteMany({ files_id: _id });
  } catch {
    // MongoDB is away; the error that led here is the one to tell.
  }
}

async function storeChunks(
  { chunks }: BlobCollections,
  { _id: files_id, chunkSize }: Pick<BlobFile, '_id' | 'chunkSize'>,
  pieces: Pieces,
  hash: ReturnType<typeof createHash> | undefined,
): Promise<number> {
  const underway = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let n = 0;
  let bytes = 0;
  try {
    for await (const data of inChunks(pieces, chunkSize)) {
      hash?.update(data);
      bytes += data.length;
      const chunk = { _id: new mongoose.mongo.ObjectId(), files_id, n, data };
      const insert = oneOfFew(() => chunks.insertOne(chunk)).then(
        () => undefined,
        (error: unknown) => {
          failure ??= { error };
        },
      );
      underway.add(insert);
      void insert.then(() => underway.delete(insert));
      n += 1;
      if (underway.size >= MOST_UNDERWAY) await Promise.race(underway);
      if (failure) break;
    }
  } finally {
    // Also where the pieces break off: what is removed then must not come behind.
    await Promise.all(underway);
  }
  if (failure) throw failure.error;
  return bytes;
}

/** False when the content is there already, or when the upload was given up meanwhile. */
async function publish(
  { files }: BlobCollections,
  _id: mongoose.mongo.ObjectId,
  length: number,
  sha256: string,
): Promise<boolean> {
  try {
    const { matchedCount } = await files.updateOne(
      { _id, 'metadata.state': 'staged' },
      {
        $set: { length, filename: sha256, uploadDate: new Date(), 'metadata.sha256': sha256 },
        $unset: { 'metadata.state': 1 },
      },
    );
    return matchedCount === 1;
  } catch (error) {
    if ((error as { code?: unknown }).code === 11_000) return false;
    throw error;
  }
}
