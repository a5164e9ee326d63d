import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Env, publicUrl } from '../../config/env';
import { AppError } from '../../errors';
import { UPLOAD_SECONDS } from '../../services/components/component-status';
import type { Deps } from '../../services/context';
import { onePer } from '../../services/one-per';

/** What an upload address takes. */
export type UploadTarget =
  | { kind: 'package'; versionId: string }
  | { kind: 'source'; versionId: string }
  /** A picture, stored under `mediaId`. */
  | {
      kind: 'image';
      mediaId: string;
      organizationId: string;
      versionId: string | null;
      purpose: string;
    };

/** The absolute address to which that one thing can be sent by PUT for a while, without an access token. */
export function uploadUrl(deps: Pick<Deps, 'env'>, target: UploadTarget): string {
  const expiresAt = Math.floor(Date.now() / 1000) + UPLOAD_SECONDS;
  const text = Buffer.from(JSON.stringify([target, expiresAt])).toString('base64url');
  return `${publicUrl(deps.env)}/uploads/${text}.${sign(deps.env, text).toString('base64url')}`;
}

/** What an address takes. Throws `unauthenticated` when it was changed or has expired. */
export function readUploadToken(deps: Pick<Deps, 'env'>, token: string): UploadTarget {
  const [text = '', signature = ''] = token.split('.', 2);
  const expected = sign(deps.env, text);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AppError('unauthenticated', 'The signature of this address is not valid: publish anew.');
  }
  const [target, expiresAt] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [
    UploadTarget,
    number,
  ];
  if (expiresAt <= Date.now() / 1000)
    throw new AppError('unauthenticated', 'This address has expired: publish anew.');
  return target;
}

const sign = (env: Env, text: string) => createHmac('sha256', keyOf(env)).update(text).digest();

/** A key of its own, so that a signature of this door is never one of another. */
const keyOf = onePer((env: Env) =>
  Buffer.from(hkdfSync('sha256', env.TENON_JWT_SECRET.reveal(), '', 'tenon signed upload urls', 32)),
);
