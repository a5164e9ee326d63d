import { z } from 'zod';
import type { Deps, RequestContext } from '../../../services/context';
import { getConfigState } from '../../../services/instances/get-config-state';
import { listConfigVariables } from '../../../services/instances/list-config-variables';
import { time, timeTextOrNull } from '../fields';

const configVariable = z
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
    statusReason: z.string().nullable().describe('Why a connection is not active.'),
    authorizeUrl: z
      .string()
      .nullable()
      .describe('Where a person grants access to an OAuth connection; works for a day.'),
    refreshAt: time.nullable().describe('When the token of an OAuth connection is refreshed next.'),
    lastSuccessfulRefreshAt: time.nullable(),
    isRequired: z.boolean(),
    isSet: z.boolean(),
  })
  .meta({ id: 'ConfigVariable' });

export const configVariablesView = z
  .object({
    state: z.enum(['FULLY_CONFIGURED', 'NEEDS_INSTANCE_CONFIGURATION']),
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
  const items = variables.map((variable) => ({
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
  }));
  return { state: await getConfigState(deps, ctx, { instanceId }), items };
}
