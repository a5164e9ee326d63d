import type { Request, Response } from 'express';
import { publicUrl } from '../../config/env';
import type { Deps } from '../../services/context';

const COOKIE = 'tenon_codec';

/**
 * Keeps a browser signed in to the codec until its access token ends. The token is sealed, so that the cookie,
 * which browsers also send to other ports of this host, opens no other door.
 */
export function setSession(deps: Deps, res: Response, accessToken: string): void {
  res.cookie(COOKIE, deps.sealer.seal(accessToken), {
    path: '/codec',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl(deps.env).startsWith('https:'),
  });
}

/** The access token of a browser that is signed in. */
export function readSession(deps: Deps, req: Request): string | undefined {
  const cookies = (req.get('cookie') ?? '').split(/; */);
  const found = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
  if (found === undefined) return undefined;
  try {
    return deps.sealer.open(decodeURIComponent(found.slice(COOKIE.length + 1)));
  } catch {
    // Changed, or sealed with a key that is no longer configured: as good as none.
    return undefined;
  }
}
