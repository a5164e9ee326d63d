import type { ClientSession } from 'mongoose';
import type { Instance } from '../../store/models/instance.model';
import type { InstanceProfile, RunProfile } from '../../store/models/instance-profile.model';
import type { Deps } from '../context';
import { findDefaultProfile } from './default-profile';

type Settings = Pick<Instance, 'organizationId' | 'profileId' | 'logsDisabled' | 'stepResultsDisabled'>;

/** What the next revision of an instance takes of its profile and its own settings, within a transaction. */
export async function runProfileOf(
  deps: Pick<Deps, 'store'>,
  instance: Settings,
  session: ClientSession,
): Promise<RunProfile | undefined> {
  const { organizationId, profileId } = instance;
  const own =
    profileId == null
      ? null
      : await deps.store.instanceProfiles.findById(profileId, null, { session }).lean<InstanceProfile>();
  return takenOf(own ?? (await findDefaultProfile(deps, organizationId, session)), instance);
}

/** Either one may turn logs or step results off; neither turns on what the other has off. */
export function takenOf(
  profile: Pick<InstanceProfile, 'allocatedMemoryMb' | 'logsDisabled' | 'stepResultsDisabled'> | null,
  own: Pick<Instance, 'logsDisabled' | 'stepResultsDisabled'>,
): RunProfile | undefined {
  const taken: RunProfile = {
    ...(profile?.allocatedMemoryMb != null && { allocatedMemoryMb: profile.allocatedMemoryMb }),
    ...((profile?.logsDisabled || own.logsDisabled) && { logsDisabled: true }),
    ...((profile?.stepResultsDisabled || own.stepResultsDisabled) && { stepResultsDisabled: true }),
  };
  return Object.keys(taken).length > 0 ? taken : undefined;
}
