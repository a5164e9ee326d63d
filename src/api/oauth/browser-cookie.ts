import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { publicUrl } from '../../config/env';
import type { Deps } from '../../services/context';

const COOKIE = 'tenon_consent';
const SANE = /^[\w-]{43}$/;

/** What this browser is known by while it is at a provider; empty when it has nothing of ours yet. */
export function knownBrowser(req: Request): string {
  const cookies = (req.get('cookie') ?? '').split(/; */);
  const found = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
  return SANE.test(found) ? found : '';
}

/** Gives the browser something to be known by, until it is closed. */
export function markBrowser(deps: Pick<Deps, 'env'>, res: Response): void {
  res.cookie(COOKIE, randomBytes(32).toString('base64url'), {
    path: '/oauth2',
    httpOnly: true,
    // The provider's page sends the browser back: another site, by a plain link.
    sameSite: 'lax',
    secure: publicUrl(deps.env).startsWith('https:'),
  });
}
