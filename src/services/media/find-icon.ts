import type { Media } from '../../store/models/media.model';
import type { Deps } from '../context';

/** The purpose of a component's own icon. */
export const ICON = 'icon';

/** The id of the picture that is a component version's icon, or null. */
export async function findIcon(
  deps: Pick<Deps, 'store'>,
  componentVersionId: string,
): Promise<string | null> {
  const found = await deps.store.media
    .findOne({ componentVersionId, purpose: ICON }, { _id: 1 })
    .sort({ createdAt: -1 })
    .lean<Pick<Media, '_id'>>();
  return found?._id ?? null;
}
