import type { Request, Response } from 'express';
import { AppError } from '../../errors';
import { verifyAccessToken } from '../../services/access-tokens/verify-access-token';
import type { Deps, RequestContext } from '../../services/context';
import { requestIdOf } from '../response-headers';

const BEARER = /^bearer +([^\s]+) *$/i;

/**
 * Who sent the request, by its `Authorization: Bearer …` header. Throws `unauthenticated` for a missing or
 * bad token; also for the literal `undefined`, which the `prism` command line sends when it has none.
 */
export async function authenticate(deps: Deps, req: Request, res: Response): Promise<RequestContext> {
  const token = BEARER.exec(req.get('authorization') ?? '')?.[1];
  if (token === undefined || token === 'undefined' || token === 'null') {
    throw new AppError('unauthenticated', 'An access token is needed: send `Authorization: Bearer <token>`.');
  }
  return { actor: await verifyAccessToken(deps, token), requestId: requestIdOf(res) };
}
