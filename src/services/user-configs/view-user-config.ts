import type { ConnectionState } from '../../store/models/connection.model';
import type { UserConfig } from '../../store/models/user-config.model';
import { mayWriteInstance } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { userLevel } from '../instances/config/levels';
import { type ConfigVariableView, viewVariables } from '../instances/config/view-variables';
import { findInstance } from '../instances/find-instance';
import { draftPlanOf } from '../instances/instance-plan';
import { missingOfUser } from './missing-of-user';
import { openUserVariables } from './user-variables';

/** What a user has set, and what lacks. */
export interface UserConfigView {
  /** In the order of the definition; passwords are masked. */
  configVariables: ConfigVariableView[];
  /** One text each; empty when runs can have these values. */
  missing: string[];
}

/** Shows the values of a user by the instance's chosen version. Throws `not_found`. */
export async function viewUserConfig(
  deps: Deps,
  ctx: RequestContext,
  config: UserConfig,
): Promise<UserConfigView> {
  const { _id: userConfigId, instanceId, configVariables } = config;
  const plan = await draftPlanOf(deps, await findInstance(deps, ctx, instanceId));
  const states = await deps.store.connections.find({ instanceId, userConfigId }).lean<ConnectionState[]>();
  return {
    configVariables: viewVariables(deps, {
      owner: { instanceId, userConfigId },
      plan: userLevel(plan),
      open: openUserVariables(deps.sealer, plan, configVariables),
      states,
      isCustomerUser: ctx.actor.customerId !== null,
      mayGrant: mayWriteInstance(ctx, config),
    }),
    missing: await missingOfUser(deps, plan, config),
  };
}
