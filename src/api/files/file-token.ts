import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Env, publicUrl } from '../../config/env';
import { AppError } from '../../errors';
import type { Actor, Deps } from '../../services/context';

/** What can be fetched by a signed URL. */
export const FILE_KINDS = ['step-results', 'request-payloads', 'response-payloads'] as const;
export type FileKind = (typeof FILE_KINDS)[number];
/** What a flow answered, as it answered it. */
const ANSWERS = 'answers';
type SignedKind = FileKind | typeof ANSWERS;

/** How long a URL works: long enough to be followed by hand, short enough to be worthless when it leaks. */
export const FILE_URL_SECONDS = 900;

/** What a token says: the object, who may see it, and until when (seconds since 1970). */
type Claim = [
  id: string,
  userId: string,
  organizationId: string,
  customerId: string | null,
  expiresAt: number,
];

/** The absolute URL under which that actor's object can be fetched for a while, without an access token. */
export function fileUrl(deps: Pick<Deps, 'env'>, actor: Actor, kind: SignedKind, id: string): string {
  const expiresAt = Math.floor(Date.now() / 1000) + FILE_URL_SECONDS;
  const claim: Claim = [id, actor.userId, actor.organizationId, actor.customerId, expiresAt];
  const text = Buffer.from(JSON.stringify(claim)).toString('base64url');
  return `${publicUrl(deps.env)}/files/${kind}/${text}.${sign(deps.env, kind, text)}`;
}

/** Callers of webhooks are no users: their URL is good for that one answer. */
const NOBODY: Actor = { userId: '', organizationId: '', customerId: null, role: 'guest' };

/** The same for the answer that a flow gave, to be sent to its caller. */
export const answerUrl = (deps: Pick<Deps, 'env'>, executionId: string): string =>
  fileUrl(deps, NOBODY, ANSWERS, executionId);

/** The execution that such a URL's token names; throws as {@link readFileToken}. */
export const readAnswerToken = (deps: Pick<Deps, 'env'>, token: string): string =>
  readFileToken(deps, ANSWERS, token).id;

/**
 * The object that a token names, and an actor with no more rights than to read it. Throws `unauthenticated`
 * for a token that was changed, made for another kind, or has expired.
 */
export function readFileToken(
  deps: Pick<Deps, 'env'>,
  kind: SignedKind,
  token: string,
): { id: string; actor: Actor } {
  const [text = '', signature = ''] = token.split('.', 2);
  const expected = Buffer.from(sign(deps.env, kind, text));
  // As text: another text may decode to the same bytes.
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AppError(
      'unauthenticated',
      'The signature of this URL is not valid: ask the API for a new URL.',
    );
  }
  const claim = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Claim;
  const [id, userId, organizationId, customerId, expiresAt] = claim;
  if (expiresAt <= Date.now() / 1000) {
    throw new AppError('unauthenticated', 'This URL has expired: ask the API for a new one.');
  }
  const role = customerId === null ? 'guest' : 'customer_member';
  return { id, actor: { userId, organizationId, customerId, role } };
}

function sign(env: Env, kind: SignedKind, text: string): string {
  return createHmac('sha256', keyOf(env)).update(`${kind}.${text}`).digest('base64url');
}

const keys = new WeakMap<Env, Buffer>();

/** A key of its own, so that a signature of this door is never one of an access token. */
function keyOf(env: Env): Buffer {
  const known = keys.get(env);
  if (known) return known;
  const key = Buffer.from(
    hkdfSync('sha256', env.TENON_JWT_SECRET.reveal(), '', 'tenon signed file urls', 32),
  );
  keys.set(env, key);
  return key;
}
