import { timingSafeEqual } from 'node:crypto';
import { type Env, publicUrl } from '../../../config/env';
import { AppError } from '../../../errors';
import type { ConnectionOwner } from '../connection-owner';
import { keyedDigest } from '../keyed-digest';

/** For so long a link to a consent works: it is sent to the person who has the account. */
const TICKET_SECONDS = 24 * 60 * 60;

/** The connection that access is granted to. */
export interface ConsentTarget {
  owner: ConnectionOwner;
  /** Of the config variable, or of the shared connection. */
  stableKey: string;
}

type Claim = [owner: ConnectionOwner, stableKey: string, expiresAt: number];

/** The address where a person grants a connection access, without an access token of ours. */
export function consentUrl(env: Env, { owner, stableKey }: ConsentTarget): string {
  const claim: Claim = [owner, stableKey, Math.floor(Date.now() / 1000) + TICKET_SECONDS];
  const text = Buffer.from(JSON.stringify(claim)).toString('base64url');
  return `${publicUrl(env)}/oauth2/authorize/${text}.${keyedDigest(env, 'ticket', text)}`;
}

/** Whose ticket it is. Throws `unauthenticated` for one that was changed or has expired. */
export function readTicket(env: Env, ticket: string): ConsentTarget {
  const [text = '', signature = ''] = ticket.split('.', 2);
  if (!sameText(signature, keyedDigest(env, 'ticket', text)))
    throw new AppError('unauthenticated', 'This link is not valid. Ask for a new one.');
  const claim = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Claim;
  const [owner, stableKey, expiresAt] = claim;
  if (expiresAt <= Date.now() / 1000)
    throw new AppError('unauthenticated', 'This link has expired. Ask for a new one.');
  return { owner, stableKey };
}

/** Compares without telling how much is the same. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
