import { z } from 'zod';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { openVariables } from './config/open-variables';
import { type ConfigVariableView, viewVariables } from './config/view-variables';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export const listConfigVariablesInput = z.object({ instanceId: z.string() });

/**
 * The draft configuration, passwords masked. Users of a customer do not see what only the organization may set.
 * Throws `not_found`.
 */
export async function listConfigVariables(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listConfigVariablesInput>,
): Promise<ConfigVariableView[]> {
  const { instanceId } = parseInput(listConfigVariablesInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const { configVars } = await draftPlanOf(deps, instance);
  const shown = configVars.filter((configVar) => ctx.actor.customerId === null || !configVar.orgOnly);
  return viewVariables(instance._id, shown, openVariables(deps.sealer, instance.configVariables));
}
