import express, { type Request, Router } from 'express';
import { publicUrl } from '../../config/env';
import { AppError, isAppError } from '../../errors';
import { verifyAccessToken } from '../../services/access-tokens/verify-access-token';
import type { Deps } from '../../services/context';
import { webUiOrigin } from './allow-web-ui';
import { requireReader } from './codec-user';
import { loginPage, PAGE_POLICY, signedInPage } from './login-page';
import { setSession } from './session';

const LIMIT = '16kb';

/** The page where a person's browser is signed in to the codec, to be mounted at `/codec/login`. */
export function loginRouter(deps: Deps): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Content-Security-Policy', PAGE_POLICY).type('html');
    next();
  });
  router.get('/', (_req, res) => {
    res.send(loginPage());
  });
  router.post('/', express.urlencoded({ limit: LIMIT, extended: false }), async (req, res) => {
    requireOwnPage(req);
    const token = tokenOf(req.body);
    try {
      requireReader(await verifyAccessToken(deps, token));
    } catch (error) {
      if (!isAppError(error)) throw error;
      res.status(error.status).send(loginPage(error.message));
      return;
    }
    setSession(deps, res, token);
    res.send(signedInPage(`${publicUrl(deps.env)}/codec`, webUiOrigin(deps)));
  });
  return router;
}

/** Nobody else's page may sign a browser in. Browsers that do not say where a form is from are let pass. */
function requireOwnPage(req: Request): void {
  const from = req.get('sec-fetch-site');
  if (from !== undefined && from !== 'same-origin')
    throw new AppError('forbidden', 'Sign in with the form at /codec/login.');
}

function tokenOf(body: unknown): string {
  const { token } = (body ?? {}) as { token?: unknown };
  return typeof token === 'string' ? token.trim() : '';
}
