import { z } from 'zod';
import { pendingConsents } from '../connections/pending-consents';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { placeShared } from '../shared-connections/place-shared';
import { findMissing } from './config/find-missing';
import { hasUserLevel, instanceLevel } from './config/levels';
import { openVariables } from './config/open-variables';
import { findInstance } from './find-instance';
import { draftPlanOf } from './instance-plan';

export const CONFIG_STATES = [
  'FULLY_CONFIGURED',
  'NEEDS_INSTANCE_CONFIGURATION',
  /** It can be deployed, but no user has values for the pages that each user fills in. */
  'NEEDS_USER_LEVEL_CONFIGURATION',
] as const;
export type ConfigState = (typeof CONFIG_STATES)[number];

export const getConfigStateInput = z.object({ instanceId: z.string() });

/**
 * Whether the draft configuration could be deployed: all values of the instance are there, and access is granted; and
 * whether there is a user for the pages that users fill in. Throws `not_found`.
 */
export async function getConfigState(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getConfigStateInput>,
): Promise<ConfigState> {
  const { instanceId } = parseInput(getConfigStateInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  const whole = await draftPlanOf(deps, instance);
  const set = openVariables(deps.sealer, instance.configVariables);
  const { plan, open } = await placeShared(deps, instanceId, instanceLevel(whole), set);
  const isComplete =
    findMissing(plan, open).length === 0 &&
    (await pendingConsents(deps, { owner: { instanceId }, plan, open })).length === 0;
  if (!isComplete) return 'NEEDS_INSTANCE_CONFIGURATION';
  const isForNobody = hasUserLevel(whole) && !(await deps.store.userConfigs.exists({ instanceId }));
  return isForNobody ? 'NEEDS_USER_LEVEL_CONFIGURATION' : 'FULLY_CONFIGURED';
}
