import { createHash } from 'node:crypto';
import type { PlanConfigVar } from '../../engine/plan';
import type { Deps } from '../context';
import { uuidv5 } from '../ids';
import { connectionFields } from '../instances/config/connection-fields';
import { resourceOf } from '../instances/config/on-premise-resource';
import type { OpenVariable } from '../instances/config/open-variables';
import { type ConnectionOwner, ownerId } from './connection-owner';
import { keyedDigest } from './keyed-digest';
import { type OauthSettings, oauthSettings } from './oauth-settings';

/** A connection as one configuration of its owner has it: for an instance, deployed or draft. */
export interface ConnectionSubject {
  /** Of its record in `connections`. */
  id: string;
  owner: ConnectionOwner;
  /** Of the config variable, or of the shared connection. */
  configVarStableKey: string;
  /** OAuth connections only. */
  settings: OauthSettings | undefined;
  /** Digest of all fields: other fields are worth another try. */
  fieldsKey: string;
  /** Whose agent stands for host and port; absent for none. */
  onPremiseResourceId?: string;
}

/** The id of a config variable of an instance or another owner, the same over versions and renames. */
export function configVariableIdOf(owner: string, stableKey: string): string {
  return uuidv5(owner, `config-variable:${stableKey}`);
}

/** The subject of a config variable of type connection, `given` its owner unless it is shared; nothing for any other. */
export function connectionSubject(
  deps: Pick<Deps, 'env'>,
  given: ConnectionOwner,
  configVar: PlanConfigVar,
  open: OpenVariable | undefined,
): ConnectionSubject | undefined {
  const { connection, sharedConnection } = configVar;
  if (!connection) return undefined;
  const owner: ConnectionOwner = open?.shared ? { sharedId: open.shared.id } : given;
  const stableKey = 'sharedId' in owner ? (sharedConnection ?? '') : configVar.stableKey;
  const fields = connectionFields(connection, open?.fields);
  const inOrder = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  const onPremiseResourceId = resourceOf(configVar, open);
  if (onPremiseResourceId) inOrder.push(['', onPremiseResourceId]);
  const settings = oauthSettings(connection, fields);
  return {
    id: uuidv5(configVariableIdOf(ownerId(owner), stableKey), grantKey(connection.key, settings)),
    owner,
    configVarStableKey: stableKey,
    settings,
    fieldsKey: keyedDigest(deps.env, 'settings', JSON.stringify(inOrder)),
    ...(onPremiseResourceId && { onPremiseResourceId }),
  };
}

/**
 * What a grant is bound to: with another client, provider or scope the user is asked anew, while what is deployed
 * keeps the old grant. A new client secret leaves it valid.
 */
function grantKey(connectionKey: string, settings: OauthSettings | undefined): string {
  if (!settings) return 'fields';
  const { type, authorizeUrl, tokenUrl, clientId, scopes } = settings;
  const sorted = scopes.split(/\s+/).sort().join(' ');
  const text = JSON.stringify([connectionKey, type, authorizeUrl, tokenUrl, clientId, sorted]);
  return createHash('sha256').update(text).digest('hex');
}
