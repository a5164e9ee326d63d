import type { ClientSession } from 'mongoose';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Deps } from '../context';

type StoreDeps = Pick<Deps, 'store'>;

/** Makes room for another default profile, within a transaction. */
export async function replaceDefault(
  { store }: StoreDeps,
  organizationId: string,
  session: ClientSession,
): Promise<void> {
  await store.instanceProfiles.updateOne(
    { organizationId, isDefault: true },
    { $set: { isDefault: false, updatedAt: new Date() } },
    { session },
  );
}

/** Lets instances that have a profile know that it counts only from their next deploy on, within a transaction. */
export async function noteProfileChange(
  { store }: StoreDeps,
  { _id, organizationId, isDefault }: InstanceProfile,
  session: ClientSession,
): Promise<void> {
  const users = isDefault ? { profileId: { $in: [_id, null] } } : { profileId: _id };
  await store.instances.updateMany(
    { organizationId, ...users, isSystem: false, needsDeploy: false },
    { $set: { needsDeploy: true } },
    { session },
  );
}
