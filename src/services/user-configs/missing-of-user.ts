import type { Plan } from '../../engine/plan';
import type { UserConfig } from '../../store/models/user-config.model';
import { pendingConsents } from '../connections/pending-consents';
import type { Deps } from '../context';
import { findMissing } from '../instances/config/find-missing';
import { userLevel } from '../instances/config/levels';
import { openUserVariables } from './user-variables';

/** What a user must still set or grant before runs can have their values: one text each, for a message. */
export async function missingOfUser(
  deps: Pick<Deps, 'store' | 'env' | 'sealer'>,
  plan: Plan,
  { _id: userConfigId, instanceId, configVariables }: UserConfig,
): Promise<string[]> {
  const needs = userLevel(plan);
  const open = openUserVariables(deps.sealer, needs, configVariables);
  const values = findMissing(needs, open).map(({ key, field }) =>
    field === undefined ? `"${key}"` : `the field "${field}" of "${key}"`,
  );
  const owner = { instanceId, userConfigId };
  const consents = await pendingConsents(deps, { owner, plan: needs, open });
  return [...values, ...consents.map(({ key }) => `the consent to "${key}"`)];
}
