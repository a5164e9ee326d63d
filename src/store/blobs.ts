import { createHash } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { type BlobOwner, blobCollections, ensureBlobIndexes, type PrivateOwner } from './blob-collections';
import { discardBlobs, STAGED_FOR_MS } from './blob-discard';
import { type OpenBlob, openBlob } from './blob-read';
import { findEqual, uploadBlob } from './blob-upload';
import { discardIfPrivate, discardPrivateBlobs, putPrivateBlob } from './private-blobs';

/** Content that is too large for a document, kept in GridFS and found by its SHA-256. */
export interface BlobStore {
  /** Stores the bytes, unless the instance has them already, and answers the blob's id. */
  put(bytes: Buffer, owner: BlobOwner): Promise<string>;
  /** The same for content that only this execution may refer to, so that it can be removed with all that it has so. */
  putPrivate(bytes: Buffer, owner: PrivateOwner): Promise<string>;
  /**
   * Stores content that arrives piece by piece, each asked for when there is room. What was stored of content
   * whose pieces end with an error is removed again.
   */
  putPieces(
    pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
    owner: BlobOwner,
  ): Promise<{ id: string; bytes: number }>;
  /** The content, whole. Throws when there is no such blob. */
  get(id: string): Promise<Buffer>;
  /** The content in pieces of at most 1 MB, read as they are asked for. Throws when there is no such blob. */
  read(id: string): AsyncIterable<Buffer>;
  /** The same with its length, and after a look whether it is there. Throws when there is no such blob. */
  open(id: string): Promise<OpenBlob>;
  deleteOfInstance(instanceId: string): Promise<void>;
  /** Removes one blob, which nothing else may refer to. */
  discard(id: string): Promise<void>;
  /** Removes one blob if it is private content of an execution, which nothing else may refer to. */
  discardIfPrivate(id: string): Promise<void>;
  /** Removes all private content of an execution, but for those blobs. */
  discardPrivate(owner: PrivateOwner, except: readonly string[]): Promise<void>;
  /** Removes what uploads left that were cut off by a crash an hour ago or longer; answers how many. */
  removeStaged(olderThanMs?: number): Promise<number>;
  ensureIndexes(): Promise<void>;
}

/** Content up to this size stays in its document. Source: measured break-even of document and GridFS. */
export const INLINE_LIMIT_BYTES = 64 * 1024;

export function createBlobStore(connection: Connection): BlobStore {
  const collections = () => blobCollections(connection);
  let prepared: Promise<void> | undefined;
  // Before the first upload too: without its unique index, equal content would be stored twice.
  const prepare = () => {
    prepared ??= ensureBlobIndexes(collections()).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  };
  return {
    async put(bytes, owner) {
      await prepare();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const equal = await findEqual(collections(), owner, sha256);
      return equal ?? (await uploadBlob(collections(), [bytes], owner, sha256)).id;
    },
    async putPrivate(bytes, owner) {
      await prepare();
      return putPrivateBlob(collections(), bytes, owner);
    },
    async putPieces(pieces, owner) {
      await prepare();
      return uploadBlob(collections(), pieces, owner);
    },
    async get(id) {
      const pieces: Buffer[] = [];
      for await (const piece of readAhead(collections(), id)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    async *read(id) {
      yield* (await openBlob(collections(), id)).pieces;
    },
    open: (id) => openBlob(collections(), id),
    deleteOfInstance: async (instanceId) => {
      await discardBlobs(collections(), { 'metadata.instanceId': instanceId });
    },
    discard: async (id) => {
      await discardBlobs(collections(), { _id: new mongoose.mongo.ObjectId(id) });
    },
    discardIfPrivate: (id) => discardIfPrivate(collections(), id),
    discardPrivate: (owner, except) => discardPrivateBlobs(collections(), owner, except),
    removeStaged: (olderThanMs = STAGED_FOR_MS) => {
      const uploadDate = { $lt: new Date(Date.now() - olderThanMs) };
      return discardBlobs(collections(), { 'metadata.state': { $exists: true }, uploadDate });
    },
    ensureIndexes: prepare,
  };
}

/** For content that is wanted whole: in as few answers of MongoDB as they can hold. */
function readAhead({ bucket }: ReturnType<typeof blobCollections>, id: string): AsyncIterable<Buffer> {
  return bucket.openDownloadStream(new mongoose.mongo.ObjectId(id));
}
