import type { ConnectionState } from '../../store/models/connection.model';
import type { Sealer } from '../../store/sealer';
import type { OauthSettings } from './oauth-settings';
import type { Token } from './token-answer';

/** What a provider granted: the token, and what else it told the browser at the consent. */
export interface Grant {
  token: Token;
  context: Record<string, unknown>;
}

/** Refreshed so long before its end, or a fifth of its life if that is shorter: a step may use it for a while. */
const MOST_AHEAD_MS = 5 * 60_000;
/** When a token is refreshed whose provider does not say how long it lives. */
const UNKNOWN_LIFE_MS = 60 * 60_000;

/** The fields of a record that hold a grant, sealed; `askedAt`: before the request went out. */
export function grantFields(
  sealer: Sealer,
  type: OauthSettings['type'],
  grant: Grant,
  askedAt: Date,
): Pick<ConnectionState, 'sealedGrant' | 'obtainedAt' | 'expiresAt' | 'refreshAt'> {
  const { expires_in: seconds, refresh_token: refreshToken } = grant.token;
  const lifeMs = seconds === undefined ? undefined : seconds * 1000;
  const canRefresh = type === 'client_credentials' || typeof refreshToken === 'string';
  const aheadMs = lifeMs === undefined ? 0 : Math.min(MOST_AHEAD_MS, lifeMs / 5);
  const after = (ms: number) => new Date(askedAt.getTime() + ms);
  return {
    sealedGrant: sealer.seal(JSON.stringify(grant)),
    obtainedAt: askedAt,
    expiresAt: lifeMs === undefined ? null : after(lifeMs),
    refreshAt: canRefresh ? after((lifeMs ?? UNKNOWN_LIFE_MS) - aheadMs) : null,
  };
}

/** The grant of a record; null when it has none. Throws when the key that sealed it is no longer configured. */
export function openGrant(sealer: Sealer, state: ConnectionState | null): Grant | null {
  if (!state?.sealedGrant) return null;
  return JSON.parse(sealer.open(state.sealedGrant)) as Grant;
}
