import type { ConnectionState } from '../../store/models/connection.model';
import type { Deps } from '../context';
import type { ConnectionSubject } from './connection-subject';
import { keyedDigest } from './keyed-digest';

/** A token that lives shorter than this is not given to a run when another can be had. */
const USABLE_MS = 10_000;
/** A client that was refused may be let in again without a change here. */
const CLIENT_AGAIN_MS = 60_000;

/** Digest of everything that a request for a token depends on, secrets included. */
export function settingsKeyOf(deps: Pick<Deps, 'env'>, { settings }: ConnectionSubject): string {
  return keyedDigest(deps.env, 'settings', JSON.stringify(settings ?? null));
}

/** Whether the connection should get another token now. */
export function isDue(
  deps: Pick<Deps, 'env'>,
  subject: ConnectionSubject,
  state: ConnectionState | null,
): boolean {
  const { settings } = subject;
  if (!settings) return false;
  const isClient = settings.type === 'client_credentials';
  const nowMs = Date.now();
  const wants = state?.sealedGrant
    ? state.refreshAt !== null && state.refreshAt.getTime() <= nowMs
    : isClient;
  if (!wants || !state?.tokenFault || state.tokenFault.settingsKey !== settingsKeyOf(deps, subject))
    return wants;
  const { isFinal, at } = state.tokenFault;
  if (isFinal) return isClient && nowMs - at.getTime() > CLIENT_AGAIN_MS;
  return state.retryAt === null || state.retryAt.getTime() <= nowMs;
}

/** Whether its token can be worked with for a while yet. */
export function isUsable(state: ConnectionState): boolean {
  if (!state.sealedGrant) return false;
  return state.expiresAt === null || state.expiresAt.getTime() - Date.now() > USABLE_MS;
}
