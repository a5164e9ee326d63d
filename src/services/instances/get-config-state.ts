import { z } from 'zod';
import { pendingConsents } from '../connections/pending-consents';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findMissing } from './config/find-missing';
import { openVariables } from './config/open-variables';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export type ConfigState = 'FULLY_CONFIGURED' | 'NEEDS_INSTANCE_CONFIGURATION';

export const getConfigStateInput = z.object({ instanceId: z.string() });

/** Whether the draft configuration could be deployed: all values are there, and access is granted. Throws `not_found`. */
export async function getConfigState(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getConfigStateInput>,
): Promise<ConfigState> {
  const { instanceId } = parseInput(getConfigStateInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const plan = await draftPlanOf(deps, instance);
  const open = openVariables(deps.sealer, instance.configVariables);
  const isComplete =
    findMissing(plan, open).length === 0 &&
    (await pendingConsents(deps, { instanceId, plan, open })).length === 0;
  return isComplete ? 'FULLY_CONFIGURED' : 'NEEDS_INSTANCE_CONFIGURATION';
}
