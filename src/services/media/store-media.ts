import { invalidField } from '../../errors';
import type { Media } from '../../store/models/media.model';
import type { Deps } from '../context';
import { imageTypeOf } from './image-type';

/** Largest picture, in bytes: icons are a few kilobytes. */
export const LARGEST_IMAGE_BYTES = 2 * 1024 * 1024;

/** What is known of a picture before it arrives. */
export type ExpectedMedia = Pick<Media, '_id' | 'organizationId' | 'componentVersionId' | 'purpose'>;

/** Whose a picture's bytes are in the blob store. */
export const mediaOwnerOf = (id: string) => ({ instanceId: `media:${id}` });

/** Stores a picture under an id that was given away before; what was there is replaced. Throws `invalid_input`. */
export async function storeMedia(
  deps: Pick<Deps, 'store'>,
  expected: ExpectedMedia,
  bytes: Buffer,
): Promise<void> {
  const contentType = imageTypeOf(bytes);
  if (!contentType) throw invalidField('__all__', 'Send a PNG, JPEG, GIF or WebP picture.');
  const { _id, ...rest } = expected;
  const blobId = await deps.store.blobs.put(bytes, mediaOwnerOf(_id));
  const former = await deps.store.media
    .findOneAndUpdate(
      { _id },
      { $set: { ...rest, contentType, blobId, createdAt: new Date() } },
      { upsert: true },
    )
    .lean<Pick<Media, 'blobId'> | null>();
  if (former && former.blobId !== blobId) await deps.store.blobs.discard(former.blobId);
}
