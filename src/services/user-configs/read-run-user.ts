import { notFound } from '../../errors';
import type { RunUser } from '../../store/models/execution.model';
import type { StoredConfigVariable } from '../../store/models/instance.model';
import type { FormerUserValues, UserConfig } from '../../store/models/user-config.model';
import type { Deps } from '../context';
import { uuidv5 } from '../ids';

/** An end user, as components are told of them. */
export interface UserSubject {
  /** The same on all instances of a customer. */
  id: string;
  email: string;
  name: string;
  externalId: string;
}

/** Of a run that has none. */
export const NO_USER: UserSubject = { id: '', email: '', name: '', externalId: '' };

/** The user of a run with the values that it began with. */
export interface UserOfRun {
  userConfigId: string;
  configVariables: StoredConfigVariable[];
  subject: UserSubject;
}

/** Reads them. Throws `not_found` when the user's configuration was deleted. */
export async function readRunUser(deps: Pick<Deps, 'store'>, { id, revision }: RunUser): Promise<UserOfRun> {
  const { userConfigs, formerUserValues } = deps.store;
  const config = await userConfigs.findById(id).lean<UserConfig>();
  if (!config) throw notFound('The configuration of the run’s user');
  const former =
    config.revision === revision
      ? null
      : await formerUserValues.findById(`${id}/${revision}`).lean<FormerUserValues>();
  const { externalId, name, email, customerId, instanceId } = config;
  return {
    userConfigId: id,
    configVariables: (former ?? config).configVariables,
    subject: { id: uuidv5(customerId ?? instanceId, `user:${externalId}`), email, name, externalId },
  };
}

/** The same user with the values that they have now. Throws `not_found`. */
export async function presentUser(deps: Pick<Deps, 'store'>, { id }: RunUser): Promise<RunUser> {
  const config = await deps.store.userConfigs.findById(id, { revision: 1 }).lean();
  if (!config) throw notFound('The configuration of the run’s user');
  return { id, revision: config.revision };
}
