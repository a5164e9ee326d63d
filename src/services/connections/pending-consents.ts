import type { ClientSession } from 'mongoose';
import type { ConnectionState } from '../../store/models/connection.model';
import type { Deps } from '../context';
import { connectionUsers } from '../instances/config/connection-users';
import type { Needs } from '../instances/config/find-missing';
import type { OpenVariable } from '../instances/config/open-variables';
import type { ConnectionOwner } from './connection-owner';
import { connectionSubject } from './connection-subject';

/** A connection that steps use and that nobody has granted access to with these settings. */
export interface PendingConsent {
  /** Of the config variable. */
  key: string;
  /** Names of the steps that use it. */
  steps: string[];
}

/** The connections of a configuration that wait for somebody's consent; those that no step uses are left out. */
export async function pendingConsents(
  deps: Pick<Deps, 'store' | 'env'>,
  { owner, plan, open }: { owner: ConnectionOwner; plan: Needs; open: Map<string, OpenVariable> },
  session: ClientSession | null = null,
): Promise<PendingConsent[]> {
  const users = connectionUsers(plan);
  const wanted = plan.configVars.flatMap((configVar) => {
    const steps = users.get(configVar.key);
    if (!steps || configVar.connection?.oauth2Type !== 'authorization_code') return [];
    const subject = connectionSubject(deps, owner, configVar, open.get(configVar.key));
    return subject ? [{ key: configVar.key, steps, id: subject.id }] : [];
  });
  if (wanted.length === 0) return [];
  const granted = await deps.store.connections
    .find({ _id: { $in: wanted.map(({ id }) => id) }, sealedGrant: { $ne: null } }, { _id: 1 }, { session })
    .lean<Pick<ConnectionState, '_id'>[]>();
  const ids = new Set(granted.map(({ _id }) => _id));
  return wanted.filter(({ id }) => !ids.has(id)).map(({ key, steps }) => ({ key, steps }));
}
