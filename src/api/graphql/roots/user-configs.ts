import type { ConfigVariableInput } from '../../../services/instances/config/config-variable-input';
import { createUserConfig } from '../../../services/user-configs/create-user-config';
import { deleteUserConfig } from '../../../services/user-configs/delete-user-config';
import { updateUserConfig } from '../../../services/user-configs/update-user-config';
import type { FieldsOf } from '../fields';
import { fromGlobalId } from '../global-id';
import { mutation } from '../mutation';
import { withoutNulls } from '../without-nulls';

interface Values {
  name?: string | null;
  email?: string | null;
  configVariables?: (ConfigVariableInput | null)[] | null;
}

interface IdInput {
  id?: string | null;
}

const idOf = ({ id }: IdInput) => fromGlobalId('UserLevelConfig', id ?? '');

export const userConfigMutations: FieldsOf<unknown> = {
  createUserLevelConfig: mutation(
    'userLevelConfig',
    (
      {
        instance,
        externalId,
        name,
        email,
        configVariables,
      }: Values & { instance: string; externalId: string },
      { deps, ctx },
    ) =>
      createUserConfig(deps, ctx, {
        instanceId: fromGlobalId('Instance', instance, 'instance'),
        externalId,
        name,
        email,
        configVariables: withoutNulls(configVariables),
      }),
    { instanceId: 'instance' },
  ),
  updateUserLevelConfig: mutation(
    'userLevelConfig',
    ({ name, email, configVariables, ...input }: Values & IdInput, { deps, ctx }) =>
      updateUserConfig(deps, ctx, {
        id: idOf(input),
        name,
        email,
        configVariables: withoutNulls(configVariables),
      }),
  ),
  deleteUserLevelConfig: mutation(
    'userLevelConfig',
    (input: IdInput & { force?: boolean | null }, { deps, ctx }) =>
      deleteUserConfig(deps, ctx, { id: idOf(input), force: input.force }),
  ),
};
