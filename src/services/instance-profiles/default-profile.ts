import type { ClientSession } from 'mongoose';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Deps } from '../context';
import { uuidv5 } from '../ids';

/** What definitions that were written elsewhere mostly name. */
const DEFAULT_NAME = 'Default Instance Profile';

type StoreDeps = Pick<Deps, 'store'>;

/** The profile of instances that have none of their own; made when an organization's is asked for first. */
export async function defaultProfile(deps: StoreDeps, organizationId: string): Promise<InstanceProfile> {
  const present = await findDefaultProfile(deps, organizationId);
  if (present) return present;
  const now = new Date();
  const made: InstanceProfile = {
    _id: uuidv5(organizationId, 'default-instance-profile'),
    organizationId,
    name: DEFAULT_NAME,
    description: '',
    allocatedMemoryMb: null,
    logsDisabled: false,
    stepResultsDisabled: false,
    quickStart: false,
    quickStartInstances: null,
    instanceBillingType: '',
    isDefault: true,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await deps.store.instanceProfiles.create([made]);
    return made;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 11_000) throw error;
    // Somebody else made it at the same moment.
    return (await findDefaultProfile(deps, organizationId)) ?? made;
  }
}

/** Null before it was asked for first, while it would be as without any profile. */
export function findDefaultProfile(
  { store }: StoreDeps,
  organizationId: string,
  session: ClientSession | null = null,
): Promise<InstanceProfile | null> {
  return store.instanceProfiles
    .findOne({ organizationId, isDefault: true }, null, { session })
    .lean<InstanceProfile>();
}
