import type { ClientSession } from 'mongoose';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { READY } from './component-status';

/** Marks the newest usable version of a component as its latest, within a transaction. */
export async function markLatest(
  deps: Pick<Deps, 'store'>,
  { organizationId, key, isPublic }: Pick<ComponentVersion, 'organizationId' | 'key' | 'isPublic'>,
  session: ClientSession,
): Promise<void> {
  const { componentVersions } = deps.store;
  const name = { organizationId, key, isPublic };
  const newest = await componentVersions
    .findOne({ ...name, ...READY }, { _id: 1 })
    .sort({ versionNumber: -1 })
    .session(session)
    .lean<Pick<ComponentVersion, '_id'>>();
  const others = newest ? { _id: { $ne: newest._id } } : {};
  await componentVersions.updateMany(
    { ...name, ...others, isLatest: true },
    { $set: { isLatest: false } },
    { session },
  );
  if (newest)
    await componentVersions.updateOne({ _id: newest._id }, { $set: { isLatest: true } }, { session });
}
