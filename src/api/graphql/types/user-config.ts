import type { ConfigVariableView } from '../../../services/instances/config/view-variables';
import { listUserConfigs } from '../../../services/user-configs/list-user-configs';
import { viewUserConfig } from '../../../services/user-configs/view-user-config';
import type { Instance } from '../../../store/models/instance.model';
import type { UserConfig } from '../../../store/models/user-config.model';
import { connectionOf, type PageArgs, wholeList } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import { configVariableFields, type StatusArgs, withStatus } from './config-variable';

interface UsersArgs extends PageArgs {
  user_ExternalId?: string | null;
}

/** What an instance says of its users. */
export const instanceUserFields: FieldsOf<Instance> = {
  userLevelConfigs: async (
    { _id: instanceId },
    { first, after, user_ExternalId: externalId }: UsersArgs,
    { deps, ctx },
  ) => connectionOf(await listUserConfigs(deps, ctx, { instanceId, externalId, first, after })),
};

export const userConfigFields: FieldsOf<UserConfig> = {
  ...same<UserConfig>('externalId', 'name', 'email', 'createdAt', 'updatedAt'),
  id: (config) => toGlobalId('UserLevelConfig', config._id),
  instance: (config, _args, { load }) => load.instance(config.instanceId),
  configVariables: async (config, args: StatusArgs, { deps, ctx }) =>
    wholeList(withStatus((await viewUserConfig(deps, ctx, config)).configVariables, args)),
};

export const userConfigVariableFields: FieldsOf<ConfigVariableView> = {
  ...configVariableFields,
  id: (variable) => toGlobalId('UserLevelConfigVariable', variable.id),
};
