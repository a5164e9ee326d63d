import { listInstances } from '../../../services/instances/list-instances';
import type { InstanceProfile } from '../../../store/models/instance-profile.model';
import { connectionOf, type PageArgs } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';

export const instanceProfileFields: FieldsOf<InstanceProfile> = {
  ...same<InstanceProfile>('name', 'description', 'logsDisabled', 'stepResultsDisabled'),
  ...same<InstanceProfile>('quickStart', 'quickStartInstances', 'instanceBillingType'),
  id: (profile) => toGlobalId('InstanceProfile', profile._id),
  isDefaultProfile: (profile) => profile.isDefault,
  allocatedMemoryMb: (profile, _args, { deps }) =>
    profile.allocatedMemoryMb ?? deps.env.TENON_RUNNER_MEMORY_MB,
  instances: async (profile, { first, after }: PageArgs, { deps, ctx }) =>
    connectionOf(
      await listInstances(deps, ctx, {
        profileId: profile._id,
        orWithoutProfile: profile.isDefault,
        first,
        after,
      }),
    ),
};
