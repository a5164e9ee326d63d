import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { publicUrl } from '../../../config/env';
import { AppError } from '../../../errors';
import type { Deps } from '../../context';
import { ownerFields } from '../connection-owner';
import { keyedDigest } from '../keyed-digest';
import type { OauthSettings } from '../oauth-settings';
import { findTarget } from './find-target';
import { readTicket } from './ticket';

/** For so long somebody may take at the provider's pages. */
const CONSENT_MS = 15 * 60_000;

export type ConsentDeps = Pick<Deps, 'store' | 'sealer' | 'env'>;

/** What is kept, sealed, between the two visits of the browser. */
export interface ConsentMemory {
  settings: OauthSettings;
  /** Of PKCE. */
  verifier: string | undefined;
  successRedirectUri: string | undefined;
  failureRedirectUri: string | undefined;
}

/** What the start page shows. */
export interface ConsentRequest {
  /** What access is granted to: a label and a text each. */
  about: [label: string, text: string][];
  /** Host that the browser goes to. */
  provider: string;
  scopes: string[];
  /** Why it cannot be begun; empty when it can. */
  faults: string[];
}

/** What a ticket asks somebody to grant. Throws `unauthenticated` or `not_found`. */
export async function describeConsent(deps: ConsentDeps, ticket: string): Promise<ConsentRequest> {
  const target = await findTarget(deps, readTicket(deps.env, ticket));
  const { about, settings, faults } = target;
  return {
    about,
    provider: URL.canParse(settings.authorizeUrl) ? new URL(settings.authorizeUrl).host : '',
    scopes: settings.scopes.split(/\s+/).filter(Boolean),
    faults,
  };
}

/**
 * Begins a consent and answers where the browser goes: the provider's page, with a state that is good for one
 * answer, for a while, and in this browser only (`browser`: what its cookie holds). Throws `unauthenticated`,
 * `not_found`, or `invalid_state` when values are missing.
 */
export async function beginConsent(deps: ConsentDeps, ticket: string, browser: string): Promise<string> {
  const target = await findTarget(deps, readTicket(deps.env, ticket));
  if (target.faults.length > 0) throw new AppError('invalid_state', target.faults.join(' '));
  const { settings, subject, connection } = target;
  const nonce = oauth.generateRandomState();
  const verifier = settings.pkceMethod ? oauth.generateRandomCodeVerifier() : undefined;
  const memory: ConsentMemory = {
    settings,
    verifier,
    successRedirectUri: connection.successRedirectUri,
    failureRedirectUri: connection.failureRedirectUri,
  };
  await deps.store.consents.create({
    _id: digestOf(nonce),
    ...ownerFields(subject.owner),
    connectionId: subject.id,
    stableKey: subject.configVarStableKey,
    browserKey: digestOf(browser),
    sealed: deps.sealer.seal(JSON.stringify(memory)),
    expiresAt: new Date(Date.now() + CONSENT_MS),
  });
  return providerUrl(deps, settings, nonce, verifier);
}

async function providerUrl(
  { env }: ConsentDeps,
  settings: OauthSettings,
  nonce: string,
  verifier: string | undefined,
): Promise<string> {
  const url = new URL(settings.authorizeUrl);
  const query = url.searchParams;
  query.set('response_type', 'code');
  query.set('client_id', settings.clientId);
  query.set('redirect_uri', redirectUriOf(env));
  query.set('state', `${nonce}.${keyedDigest(env, 'state', nonce)}`);
  if (settings.scopes !== '') query.set('scope', settings.scopes);
  if (verifier !== undefined) {
    const isPlain = settings.pkceMethod === 'plain';
    query.set('code_challenge', isPlain ? verifier : await oauth.calculatePKCECodeChallenge(verifier));
    query.set('code_challenge_method', isPlain ? 'plain' : 'S256');
  }
  return url.href;
}

/** The one address that providers send browsers back to; it is registered with each of them. */
export const redirectUriOf = (env: Deps['env']): string => `${publicUrl(env)}/oauth2/callback`;

/** What is stored of a random text: enough to know it again. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
