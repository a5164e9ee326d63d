import { createInstanceProfile } from '../../../services/instance-profiles/create-instance-profile';
import { deleteInstanceProfile } from '../../../services/instance-profiles/delete-instance-profile';
import { getInstanceProfile } from '../../../services/instance-profiles/get-instance-profile';
import { listInstanceProfiles } from '../../../services/instance-profiles/list-instance-profiles';
import { updateInstanceProfile } from '../../../services/instance-profiles/update-instance-profile';
import { connectionOf, type PageArgs } from '../connection';
import { type DescribedArgs, describedInput } from '../described-args';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';

interface ListArgs
  extends PageArgs,
    Pick<
      DescribedArgs<'NAME' | 'DESCRIPTION'>,
      'name' | 'name_Icontains' | 'description_Icontains' | 'orderBy' | 'sortBy'
    > {
  description?: string | null;
  isDefaultProfile?: boolean | null;
}

export const instanceProfileQueries: FieldsOf<unknown> = {
  instanceProfile: (_, { id }: { id: string }, { deps, ctx }) =>
    getInstanceProfile(deps, ctx, { id: fromGlobalId('InstanceProfile', id) }),
  instanceProfiles: async (_, args: ListArgs, { deps, ctx }) => {
    const { name, search, descriptionSearch, order } = describedInput(args);
    const page = await listInstanceProfiles(deps, ctx, {
      first: args.first,
      after: args.after,
      name,
      search,
      description: args.description,
      descriptionSearch,
      isDefault: args.isDefaultProfile,
      order,
    });
    return connectionOf(page);
  },
};

interface Settings {
  description?: string | null;
  allocatedMemoryMb?: number | null;
  logsDisabled?: boolean | null;
  stepResultsDisabled?: boolean | null;
  quickStart?: boolean | null;
  quickStartInstances?: number | null;
  instanceBillingType?: string | null;
  isDefaultProfile?: boolean | null;
}

interface IdInput {
  id?: string | null;
}

const NAMES = { isDefault: 'isDefaultProfile' };
const idOf = ({ id }: IdInput) => fromGlobalId('InstanceProfile', id ?? '');

/** What the services take; clients send null for what they leave as it is. */
function settingsOf({ isDefaultProfile, allocatedMemoryMb, ...input }: Settings) {
  const { description, logsDisabled, stepResultsDisabled } = input;
  const { quickStart, quickStartInstances, instanceBillingType } = input;
  return {
    description,
    allocatedMemoryMb: allocatedMemoryMb ?? undefined,
    logsDisabled,
    stepResultsDisabled,
    quickStart,
    quickStartInstances,
    instanceBillingType,
    isDefault: isDefaultProfile,
  };
}

export const instanceProfileMutations: FieldsOf<unknown> = {
  createInstanceProfile: mutation(
    'instanceProfile',
    (input: Settings & { name: string }, { deps, ctx }) =>
      createInstanceProfile(deps, ctx, { name: input.name, ...settingsOf(input) }),
    NAMES,
  ),
  updateInstanceProfile: mutation(
    'instanceProfile',
    (input: Settings & IdInput, { deps, ctx }) =>
      updateInstanceProfile(deps, ctx, { id: idOf(input), ...settingsOf(input) }),
    NAMES,
  ),
  deleteInstanceProfile: mutation('instanceProfile', (input: IdInput, { deps, ctx }) =>
    deleteInstanceProfile(deps, ctx, { id: idOf(input) }),
  ),
};
