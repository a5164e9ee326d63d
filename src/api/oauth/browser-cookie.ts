import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { publicUrl } from '../../config/env';
import { keyedDigest } from '../../services/connections/keyed-digest';
import type { Deps } from '../../services/context';

const COOKIE = 'tenon_consent';
const SANE = /^[\w-]{43}$/;

/** What this browser is known by while it is at a provider; empty when it has nothing of ours yet. */
export function knownBrowser(req: Request): string {
  const cookies = (req.get('cookie') ?? '').split(/; */);
  const found = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
  return SANE.test(found) ? found : '';
}

/** Gives the browser something to be known by, until it is closed, and answers what. */
export function markBrowser(deps: Pick<Deps, 'env'>, res: Response): string {
  const browser = randomBytes(32).toString('base64url');
  res.cookie(COOKIE, browser, {
    path: '/oauth2',
    httpOnly: true,
    // The provider's page sends the browser back: another site, by a plain link.
    sameSite: 'lax',
    secure: publicUrl(deps.env).startsWith('https:'),
  });
  return browser;
}

/** What only our page of that ticket, as this browser was shown it, has in its link. */
export function pageKey({ env }: Pick<Deps, 'env'>, browser: string, ticket: string): string {
  return keyedDigest(env, 'page', `${browser}.${ticket}`);
}

/** Whether a request comes from the link of our page of that ticket, shown to this browser. */
export function isFromPage(deps: Pick<Deps, 'env'>, req: Request, ticket: string): boolean {
  const browser = knownBrowser(req);
  const given = Buffer.from(String(req.query['page'] ?? ''));
  const expected = Buffer.from(pageKey(deps, browser, ticket));
  return browser !== '' && given.length === expected.length && timingSafeEqual(given, expected);
}
