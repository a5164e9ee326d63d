import type { Plan } from '../../engine/plan';
import { AppError } from '../../errors';
import type { RunUser } from '../../store/models/execution.model';
import type { UserConfig } from '../../store/models/user-config.model';
import type { Deps } from '../context';
import { missingOfUser } from './missing-of-user';

/** The users of an instance whose values a run may have, by the plan that is deployed. */
export interface Users {
  instanceId: string;
  plan: Plan;
}

/**
 * The user that a delivery names, with the values that it has now. Refuses with `route_not_found` one who is not known
 * or whose values are not complete; `shown` is the id as messages show it.
 */
export async function chooseUser(
  deps: Deps,
  { instanceId, plan }: Users,
  externalId: string,
  shown: string,
): Promise<RunUser> {
  const config = await deps.store.userConfigs.findOne({ instanceId, externalId }).lean<UserConfig>();
  const who = `The delivery names user "${shown}"`;
  if (!config) throw new AppError('route_not_found', `${who}, who has no configuration on this instance.`);
  const missing = await missingOfUser(deps, plan, config);
  if (missing.length > 0) {
    const message = `${who}, whose configuration is not complete: ${missing.join(', ')}.`;
    throw new AppError('route_not_found', message);
  }
  return { id: config._id, revision: config.revision };
}
