import { z } from 'zod';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findMissing } from './config/find-missing';
import { openVariables } from './config/open-variables';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export type ConfigState = 'FULLY_CONFIGURED' | 'NEEDS_INSTANCE_CONFIGURATION';

export const getConfigStateInput = z.object({ instanceId: z.string() });

/** Whether the draft configuration could be deployed. Throws `not_found`. */
export async function getConfigState(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getConfigStateInput>,
): Promise<ConfigState> {
  const { instanceId } = parseInput(getConfigStateInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const { configVars } = await draftPlanOf(deps, instance);
  const missing = findMissing(configVars, openVariables(deps.sealer, instance.configVariables));
  return missing.length === 0 ? 'FULLY_CONFIGURED' : 'NEEDS_INSTANCE_CONFIGURATION';
}
