import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps } from '../context';
import type { OpenVariable } from '../instances/config/open-variables';
import { openUserVariables } from './user-variables';

/** A user's name for people, and the values by the keys of a plan. Throws `not_found`. */
export async function findUserVariables(
  deps: Pick<Deps, 'store' | 'sealer'>,
  id: string,
  plan: Pick<Plan, 'configVars'>,
): Promise<{ name: string; open: Map<string, OpenVariable> }> {
  const config = await deps.store.userConfigs.findById(id).lean<UserConfig>();
  if (!config) throw notFound('The user’s configuration');
  const { name, email, externalId, configVariables } = config;
  return { name: name || email || externalId, open: openUserVariables(deps.sealer, plan, configVariables) };
}
