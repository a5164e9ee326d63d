import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import type { BlobCollections, PrivateOwner } from './blob-collections';
import { discardBlobs } from './blob-discard';
import { findEqual, uploadBlob } from './blob-upload';

/** Stands between an execution's id and the hash of its private content; and the character behind that one. */
const SEPARATOR = '/';
const BEHIND_SEPARATOR = '0';

/** Stores content that only this execution may refer to, unless it has it already, and answers the blob's id. */
export async function putPrivateBlob(
  collections: BlobCollections,
  bytes: Buffer,
  owner: PrivateOwner,
): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const key = `${owner.executionId}${SEPARATOR}${hash}`;
  const equal = await findEqual(collections, owner, key);
  return equal ?? (await uploadBlob(collections, [bytes], owner, key)).id;
}

/** Removes all private content of an execution, but for those blobs. */
export async function discardPrivateBlobs(
  collections: BlobCollections,
  { instanceId, executionId }: PrivateOwner,
  except: readonly string[],
): Promise<void> {
  await discardBlobs(collections, {
    _id: { $nin: except.map((id) => new mongoose.mongo.ObjectId(id)) },
    'metadata.instanceId': instanceId,
    'metadata.sha256': {
      $gte: `${executionId}${SEPARATOR}`,
      $lt: `${executionId}${BEHIND_SEPARATOR}`,
      // For the index, see `indexedText`.
      $type: 'string',
    },
  });
}

/** Removes one blob if it is private content. */
export async function discardIfPrivate(collections: BlobCollections, id: string): Promise<void> {
  const _id = new mongoose.mongo.ObjectId(id);
  await discardBlobs(collections, { _id, 'metadata.sha256': { $regex: SEPARATOR } });
}
