import { notFound } from '../../errors';
import type { Media } from '../../store/models/media.model';
import type { Deps } from '../context';

/** A stored picture. Throws `not_found`. */
export async function readMedia(
  deps: Pick<Deps, 'store'>,
  id: string,
): Promise<{ contentType: string; bytes: Buffer }> {
  const media = await deps.store.media.findById(id).lean<Media>();
  if (!media) throw notFound('The picture');
  return { contentType: media.contentType, bytes: await deps.store.blobs.get(media.blobId) };
}
