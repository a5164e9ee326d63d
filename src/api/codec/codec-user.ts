import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../errors';
import { verifyAccessToken } from '../../services/access-tokens/verify-access-token';
import type { Actor, Deps } from '../../services/context';
import { authenticate } from '../auth/bearer';
import { webUiOrigin } from './allow-web-ui';
import { readSession } from './session';

/** Lets owners and admins of the organization pass, by their access token or by the session of the login page. */
export function requireCodecUser(deps: Deps): RequestHandler {
  return async (req, res, next) => {
    requireReader(await identify(deps, req, res));
    next();
  };
}

/** Throws `forbidden` for everybody else: payloads are those of all customers. */
export function requireReader(actor: Actor): void {
  if (actor.customerId === null && (actor.role === 'owner' || actor.role === 'admin')) return;
  throw new AppError('forbidden', `Only owners and admins may read payloads, not the role '${actor.role}'.`);
}

async function identify(deps: Deps, req: Request, res: Response): Promise<Actor> {
  const session = readSession(deps, req);
  if (req.get('authorization') !== undefined || session === undefined)
    return (await authenticate(deps, req, res)).actor;
  // A browser adds the cookie whoever's script calls, but it also says whose script that is.
  if (req.get('origin') === undefined || req.get('origin') !== webUiOrigin(deps))
    throw new AppError('forbidden', 'A session of the login page serves the Temporal Web UI only.');
  return verifyAccessToken(deps, session);
}
