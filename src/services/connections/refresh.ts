import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionState } from '../../store/models/connection.model';
import type { Deps } from '../context';
import { onePer } from '../one-per';
import { ownerFields } from './connection-owner';
import type { ConnectionSubject } from './connection-subject';
import { type Grant, grantFields, openGrant } from './grant';
import { type OauthSettings, settingsFaults } from './oauth-settings';
import { type Lease, takeLease } from './refresh-lease';
import { isDue, isUsable, settingsKeyOf } from './refresh-rules';
import { requestToken } from './request-token';
import type { Token } from './token-answer';
import { TokenFailure } from './token-failure';

export type RefreshDeps = Pick<Deps, 'store' | 'sealer' | 'env'>;

/** Who waits for another's refresh looks again so often, and not longer than a dead holder's lease lasts. */
const LOOK_MS = 100;
const WAIT_MS = 60_000;
/** After a fault that may pass, the next try. */
const RETRY_AFTER_MS = 15_000;
/** A token that was given but could not be stored for so long is lost. */
const STORE_FOR_MS = 60_000;

/**
 * The record of a connection with a token that is good for a while, if one can be had: refreshed when it is due, by
 * one caller of all processes, while the others wait or go on with what still lives. Never throws because of a
 * provider: what went wrong is in the record.
 */
export async function freshState(
  deps: RefreshDeps,
  subject: ConnectionSubject,
  known: ConnectionState | null,
): Promise<ConnectionState | null> {
  if (!isDue(deps, subject, known)) return known;
  const underWay = refreshesOf(deps.store);
  const others = underWay.get(subject.id);
  if (others) return others;
  const mine = refreshOrWait(deps, subject).finally(() => underWay.delete(subject.id));
  underWay.set(subject.id, mine);
  return mine;
}

/** One a connection in a process, so that runs that begin together ask the database once. */
const refreshesOf = onePer<Deps['store'], Map<string, Promise<ConnectionState | null>>>(() => new Map());

async function refreshOrWait(deps: RefreshDeps, subject: ConnectionSubject): Promise<ConnectionState | null> {
  const { connections } = deps.store;
  const startedMs = Date.now();
  for (;;) {
    const state = await connections.findById(subject.id).lean<ConnectionState>();
    if (!isDue(deps, subject, state)) return state;
    const lease = await takeLease(deps, subject.id, state?.version ?? 0);
    if (lease) return refreshUnder(deps, subject, lease);
    if (!state) await createRecord(deps, subject);
    else if (isUsable(state) || Date.now() - startedMs > WAIT_MS) return state;
    else await sleep(LOOK_MS + Math.random() * LOOK_MS);
  }
}

/** Client credentials need nobody's consent: their record begins with the first run. */
async function createRecord(deps: RefreshDeps, { id, owner, configVarStableKey }: ConnectionSubject) {
  const now = new Date();
  await deps.store.connections.updateOne(
    { _id: id },
    { $setOnInsert: { ...ownerFields(owner), configVarStableKey, createdAt: now, updatedAt: now } },
    { upsert: true, setDefaultsOnInsert: true },
  );
}

async function refreshUnder(
  deps: RefreshDeps,
  subject: ConnectionSubject,
  lease: Lease,
): Promise<ConnectionState | null> {
  const { connections } = deps.store;
  const settings = subject.settings as OauthSettings;
  const askedAt = new Date();
  const before = openGrant(deps.sealer, lease.state);
  try {
    const faults = settingsFaults(settings);
    if (faults.length > 0) throw new TokenFailure(faults.join(' '), true);
    const token = await newToken(deps, settings, before);
    const stored = await storeGrant(deps, subject, lease, {
      ...grantFields(deps.sealer, settings.type, { token, context: before?.context ?? {} }, askedAt),
      refreshedAt: new Date(),
    });
    if (stored) return stored;
  } catch (error) {
    if (!(error instanceof TokenFailure)) throw error;
    await storeFault(deps, subject, lease, error);
  }
  // Also when a consent has put another grant in its place meanwhile.
  return connections.findById(subject.id).lean<ConnectionState>();
}

/** What the provider left out of a refresh stays: the refresh token, an address of the account. */
async function newToken(deps: RefreshDeps, settings: OauthSettings, before: Grant | null): Promise<Token> {
  if (settings.type === 'client_credentials') return requestToken(deps, settings, { by: 'client' });
  const refreshToken = before?.token['refresh_token'];
  if (typeof refreshToken !== 'string') throw new TokenFailure('There is no refresh token.', true);
  const { expires_in: _, ...old } = before?.token ?? {};
  return { ...old, ...(await requestToken(deps, settings, { by: 'refresh', refreshToken })) };
}

/**
 * Stores what the provider gave before anybody uses it, and as often as it takes: a rotated refresh token is lost
 * with the answer. Only a grant that is newer stands in its way, not a lease that ran out meanwhile.
 */
async function storeGrant(
  { store }: RefreshDeps,
  { id }: ConnectionSubject,
  { state }: Lease,
  fields: Partial<ConnectionState>,
): Promise<ConnectionState | null> {
  const giveUpMs = Date.now() + STORE_FOR_MS;
  for (;;) {
    try {
      return await store.connections
        .findOneAndUpdate(
          { _id: id, version: state.version },
          {
            $set: { ...fields, lease: null, retryAt: null, tokenFault: null, updatedAt: new Date() },
            $inc: { version: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<ConnectionState>();
    } catch (error) {
      if (Date.now() > giveUpMs) throw error;
      await sleep(LOOK_MS * 2);
    }
  }
}

async function storeFault(
  deps: RefreshDeps,
  subject: ConnectionSubject,
  { holder, state, wasInterrupted }: Lease,
  failure: TokenFailure,
): Promise<void> {
  const at = new Date();
  const isLost = wasInterrupted && failure.code === 'invalid_grant';
  const reason = isLost
    ? `${failure.message} A process ended during an earlier refresh, which may have used the refresh token up.`
    : failure.message;
  const settingsKey = settingsKeyOf(deps, subject);
  await deps.store.connections.updateOne(
    { _id: subject.id, version: state.version, 'lease.holder': holder },
    {
      $set: {
        lease: null,
        retryAt: failure.isFinal ? null : new Date(at.getTime() + RETRY_AFTER_MS),
        tokenFault: { isFinal: failure.isFinal, reason, at, settingsKey },
        updatedAt: at,
      },
    },
  );
}
