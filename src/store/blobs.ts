import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';

/** Content that is too large for a document, kept in GridFS. */
export interface BlobStore {
  /** Stores the bytes and answers the blob's id. `owner` is what it is deleted with. */
  put(bytes: Buffer, owner: { instanceId: string; executionId: string }): Promise<string>;
  get(id: string): Promise<Buffer>;
  deleteOfInstance(instanceId: string): Promise<void>;
}

/** Content up to this size stays in its document. Source: measured break-even of document and GridFS. */
export const INLINE_LIMIT_BYTES = 64 * 1024;

export function createBlobStore(connection: Connection): BlobStore {
  // Made when first used: the connection must be open by then.
  let bucket: mongoose.mongo.GridFSBucket | undefined;
  const open = () => {
    const { db } = connection;
    if (!db) throw new Error('The MongoDB connection is not open.');
    bucket ??= new mongoose.mongo.GridFSBucket(db, { bucketName: 'blobs' });
    return bucket;
  };
  return {
    async put(bytes, owner) {
      const filename = randomUUID();
      const upload = open().openUploadStream(filename, { metadata: owner });
      await new Promise<void>((resolve, reject) => {
        upload.once('error', reject).once('finish', () => resolve());
        upload.end(bytes);
      });
      return upload.id.toString();
    },
    async get(id) {
      const chunks: Buffer[] = [];
      for await (const chunk of open().openDownloadStream(new mongoose.mongo.ObjectId(id)))
        chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    async deleteOfInstance(instanceId) {
      for await (const file of open().find({ 'metadata.instanceId': instanceId }))
        await open().delete(file._id);
    },
  };
}
