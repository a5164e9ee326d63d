import mongoose from 'mongoose';

/** Where the plain workflow keeps what Temporal does not carry: GridFS, with references in the history. */
export interface LargeValues {
  put(bytes: Buffer): Promise<string>;
  get(id: string): Promise<Buffer>;
}

export async function openLargeValues(mongodbUri: string): Promise<LargeValues> {
  const client = await new mongoose.mongo.MongoClient(mongodbUri, {
    writeConcern: { w: 'majority', journal: true },
  }).connect();
  const bucket = new mongoose.mongo.GridFSBucket(client.db(), { bucketName: 'raw_values' });
  return {
    async put(bytes) {
      const upload = bucket.openUploadStream('value');
      await new Promise<void>((resolve, reject) => {
        upload.once('error', reject).once('finish', () => resolve());
        upload.end(bytes);
      });
      return upload.id.toString();
    },
    async get(id) {
      const chunks: Buffer[] = [];
      for await (const chunk of bucket.openDownloadStream(new mongoose.mongo.ObjectId(id)))
        chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
  };
}
