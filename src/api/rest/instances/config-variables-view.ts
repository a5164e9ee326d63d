import { z } from 'zod';
import type { Deps, RequestContext } from '../../../services/context';
import type { ConfigVariableView } from '../../../services/instances/config/view-variables';
import { CONFIG_STATES, getConfigState } from '../../../services/instances/get-config-state';
import { listConfigVariables } from '../../../services/instances/list-config-variables';
import { connectionFields } from '../connection-fields';
import { timeTextOrNull } from '../fields';

export const configVariable = z
  .object({
    key: z.string(),
    dataType: z.string(),
    description: z.string(),
    defaultValue: z.string().nullable(),
    value: z.string().nullable().describe('Text of the value; null when unset, or for a connection.'),
    inputs: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .describe('Fields of a connection; secret ones show dots instead of the value.'),
    status: z
      .enum(['ACTIVE', 'PENDING', 'ERROR', 'FAILED'])
      .describe('`PENDING`: a value or a consent is missing. `FAILED`: no token until somebody acts.'),
    ...connectionFields,
    isRequired: z.boolean(),
    isSet: z.boolean(),
    sharedConnection: z
      .string()
      .nullable()
      .describe('Stable key of the shared connection whose values count; they are set there.'),
    isUserLevel: z
      .boolean()
      .describe(
        'Each end user has a value of their own; what an instance has counts in runs without a user.',
      ),
    onPremise: z
      .enum(['allowed', 'disallowed', 'required'])
      .describe('Whether an on-premise resource may, or must, stand for `host` and `port` of a connection.'),
    onPremiseResourceId: z
      .uuid()
      .nullable()
      .describe('The on-premise resource that was chosen; null also to those who do not see it.'),
  })
  .meta({ id: 'ConfigVariable' });

export const configVariablesView = z
  .object({
    state: z
      .enum(CONFIG_STATES)
      .describe(
        '`NEEDS_USER_LEVEL_CONFIGURATION`: it can be deployed, but no user has values of their own yet.',
      ),
    items: z.array(configVariable),
  })
  .meta({ id: 'ConfigVariables' });

/** The draft configuration of an instance, as an answer. */
export async function readConfigVariables(
  deps: Deps,
  ctx: RequestContext,
  instanceId: string,
): Promise<z.input<typeof configVariablesView>> {
  const variables = await listConfigVariables(deps, ctx, { instanceId });
  const items = variables.map(presentConfigVariable);
  return { state: await getConfigState(deps, ctx, { instanceId }), items };
}

/** A config variable as an answer. */
export function presentConfigVariable(variable: ConfigVariableView): z.input<typeof configVariable> {
  return {
    key: variable.key,
    dataType: variable.dataType,
    description: variable.description,
    defaultValue: variable.defaultValue,
    value: variable.value,
    inputs: variable.inputs.map(({ name, value }) => ({ name, value })),
    status: variable.status,
    statusReason: variable.statusReason,
    authorizeUrl: variable.authorizeUrl,
    refreshAt: timeTextOrNull(variable.refreshAt),
    lastSuccessfulRefreshAt: timeTextOrNull(variable.lastSuccessfulRefreshAt),
    isRequired: variable.isRequired,
    isSet: variable.isSet,
    sharedConnection: variable.sharedConnection,
    isUserLevel: variable.isUserLevel,
    onPremise: variable.onPremise,
    onPremiseResourceId: variable.onPremiseResourceId,
  };
}
