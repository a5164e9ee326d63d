import { z } from 'zod';
import type { Deps, RequestContext } from '../../../services/context';
import { viewUserConfig } from '../../../services/user-configs/view-user-config';
import type { UserConfig } from '../../../store/models/user-config.model';
import { id, time, timeText } from '../fields';
import { configVariable, presentConfigVariable } from '../instances/config-variables-view';

const identity = {
  id,
  instanceId: id,
  externalId: z.string().describe('The user’s id in your own system.'),
  name: z.string(),
  email: z.string(),
  createdAt: time,
  updatedAt: time,
};

/** One of a list: without the values. */
export const userConfigItem = z.object(identity).meta({ id: 'UserConfigItem' });

export const userConfigView = z
  .object({
    ...identity,
    isComplete: z.boolean().describe('Runs can have these values.'),
    missing: z.array(z.string()).describe('What the user must still set or grant.'),
    configVariables: z.array(configVariable),
  })
  .meta({ id: 'UserConfig' });

export function presentUserConfigItem(config: UserConfig): z.input<typeof userConfigItem> {
  return {
    id: config._id,
    instanceId: config.instanceId,
    externalId: config.externalId,
    name: config.name,
    email: config.email,
    createdAt: timeText(config.createdAt),
    updatedAt: timeText(config.updatedAt),
  };
}

/** A user's configuration with its values, as an answer. */
export async function presentUserConfig(
  deps: Deps,
  ctx: RequestContext,
  config: UserConfig,
): Promise<z.input<typeof userConfigView>> {
  const { configVariables, missing } = await viewUserConfig(deps, ctx, config);
  return {
    ...presentUserConfigItem(config),
    isComplete: missing.length === 0,
    missing,
    configVariables: configVariables.map(presentConfigVariable),
  };
}
