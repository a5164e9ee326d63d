import { createHash } from 'node:crypto';
import type { PlanConfigVar } from '../../engine/plan';
import type { Deps } from '../context';
import { uuidv5 } from '../ids';
import { connectionFields } from '../instances/config/connection-fields';
import type { OpenVariable } from '../instances/config/open-variables';
import { keyedDigest } from './keyed-digest';
import { type OauthSettings, oauthSettings } from './oauth-settings';

/** A connection of an instance as one configuration of it has it: deployed or draft. */
export interface ConnectionSubject {
  /** Of its record in `connections`. */
  id: string;
  instanceId: string;
  configVarStableKey: string;
  /** OAuth connections only. */
  settings: OauthSettings | undefined;
  /** Digest of all fields: other fields are worth another try. */
  fieldsKey: string;
}

/** The id of an instance's config variable, the same over versions and renames. */
export function configVariableIdOf(instanceId: string, stableKey: string): string {
  return uuidv5(instanceId, `config-variable:${stableKey}`);
}

/** The subject of a config variable of type connection; nothing for any other. */
export function connectionSubject(
  deps: Pick<Deps, 'env'>,
  instanceId: string,
  configVar: PlanConfigVar,
  open: OpenVariable | undefined,
): ConnectionSubject | undefined {
  const { connection, stableKey } = configVar;
  if (!connection) return undefined;
  const fields = connectionFields(connection, open?.fields);
  const inOrder = Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
  const settings = oauthSettings(connection, fields);
  return {
    id: uuidv5(configVariableIdOf(instanceId, stableKey), grantKey(connection.key, settings)),
    instanceId,
    configVarStableKey: stableKey,
    settings,
    fieldsKey: keyedDigest(deps.env, 'settings', JSON.stringify(inOrder)),
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
