import type { Media } from '../../store/models/media.model';
import type { Deps } from '../context';
import { mediaOwnerOf } from './store-media';

/** Removes the icons of a component version. */
export async function removeMediaOfVersion(
  deps: Pick<Deps, 'store'>,
  componentVersionId: string,
): Promise<void> {
  const { media, blobs } = deps.store;
  const found = await media.find({ componentVersionId }, { _id: 1 }).lean<Pick<Media, '_id'>[]>();
  for (const { _id } of found) await blobs.deleteOfInstance(mediaOwnerOf(_id).instanceId);
  await media.deleteMany({ componentVersionId });
}
