import mongoose from 'mongoose';
import type { BlobCollections, BlobFile } from './blob-collections';

/** Content whose pieces are read as they are asked for. */
export interface OpenBlob {
  /** Of all pieces together. */
  bytes: number;
  /** Of at most 1 MB each. */
  pieces: AsyncIterable<Buffer>;
}

/** What one answer of MongoDB may hold: its own limit is 16 MB, and many readers may be slow at once. */
const READ_AHEAD_BYTES = 2 * 1024 * 1024;

/** Throws when there is no such blob. */
export async function openBlob({ files, chunks }: BlobCollections, id: string): Promise<OpenBlob> {
  const _id = new mongoose.mongo.ObjectId(id);
  const file = await files.findOne({ _id }, { projection: { length: 1, chunkSize: 1 } });
  if (!file) throw new Error(`There is no blob ${id}.`);
  return { bytes: file.length, pieces: piecesOf(chunks, file) };
}

async function* piecesOf(
  chunks: BlobCollections['chunks'],
  { _id, length, chunkSize }: Pick<BlobFile, '_id' | 'length' | 'chunkSize'>,
): AsyncGenerator<Buffer> {
  const found = chunks
    .find({ files_id: _id }, { promoteBuffers: true, projection: { data: 1 } })
    .sort({ n: 1 })
    .batchSize(Math.max(2, Math.floor(READ_AHEAD_BYTES / chunkSize)));
  let left = length;
  for await (const { data } of found) {
    left -= data.length;
    yield data;
  }
  if (left !== 0) throw new Error(`Blob ${_id.toHexString()} is not whole.`);
}
