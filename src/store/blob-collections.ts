import mongoose, { type Connection } from 'mongoose';

/** Whom content belongs to: it is stored once within the instance, and deleted with it. */
export interface BlobOwner {
  instanceId: string;
  /** Who brought it first, for those who look at the database. */
  executionId?: string;
}

/** The execution that alone refers to some content. */
export type PrivateOwner = Required<BlobOwner>;

/** A blob's entry as GridFS keeps it. */
export interface BlobFile {
  _id: mongoose.mongo.ObjectId;
  length: number;
  chunkSize: number;
  uploadDate: Date;
  /** The SHA-256 of the content, as in the metadata. */
  filename: string;
  metadata: BlobOwner & {
    /** Hexadecimal, behind the execution's id where it is private; only content that is stored whole has it. */
    sha256?: string;
    /** Not whole yet, or on its way out; absent from what is whole. */
    state?: 'staged' | 'discarded';
  };
}

export interface BlobChunk {
  _id: mongoose.mongo.ObjectId;
  files_id: mongoose.mongo.ObjectId;
  n: number;
  data: Buffer;
}

export interface BlobCollections {
  files: mongoose.mongo.Collection<BlobFile>;
  chunks: mongoose.mongo.Collection<BlobChunk>;
  /** The same two for reading, as any GridFS client does. */
  bucket: mongoose.mongo.GridFSBucket;
}

/** The bucket's name in the database. */
const BUCKET = 'blobs';

/** Throws while the connection was never open. */
export function blobCollections(connection: Connection): BlobCollections {
  const { db } = connection;
  if (!db) throw new Error('The MongoDB connection is not open.');
  return {
    files: db.collection<BlobFile>(`${BUCKET}.files`),
    chunks: db.collection<BlobChunk>(`${BUCKET}.chunks`),
    bucket: new mongoose.mongo.GridFSBucket(db, { bucketName: BUCKET }),
  };
}

/** Creates the indexes; harmless when they are there. */
export async function ensureBlobIndexes({ files, chunks }: BlobCollections): Promise<void> {
  await chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
  await files.createIndexes([
    { key: { 'metadata.instanceId': 1 } },
    // Makes equal content one blob of the instance: the second one cannot be published.
    {
      key: { 'metadata.instanceId': 1, 'metadata.sha256': 1 },
      unique: true,
      partialFilterExpression: { 'metadata.sha256': { $type: 'string' } },
    },
    {
      key: { 'metadata.state': 1, uploadDate: 1 },
      partialFilterExpression: { 'metadata.state': { $exists: true } },
    },
  ]);
}
