import { type Request, type RequestHandler, type Response, Router } from 'express';
import { isAppError } from '../../errors';
import { beginConsent, describeConsent } from '../../services/connections/consent/begin-consent';
import { finishConsent } from '../../services/connections/consent/finish-consent';
import { isWebUrl } from '../../services/connections/oauth-settings';
import type { Deps } from '../../services/context';
import { isFromPage, knownBrowser, markBrowser, pageKey } from './browser-cookie';
import { endPage, PAGE_POLICY, startPage } from './consent-pages';

/**
 * Where a person's browser grants a connection access, to be mounted at `/oauth2`: a page of ours that says what
 * for, the provider's pages, and the provider's answer. Reached by signed links, without an access token.
 */
export function oauthRouter(deps: Deps): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Content-Security-Policy', PAGE_POLICY).type('html');
    next();
  });
  router.get('/authorize/:ticket', shown(start(deps)));
  router.get('/authorize/:ticket/continue', shown(proceed(deps)));
  router.get('/callback', shown(finish(deps)));
  return router;
}

type Door = (req: Request, res: Response) => Promise<void>;

const start =
  (deps: Deps): Door =>
  async (req, res) => {
    const ticket = String(req.params['ticket']);
    const request = await describeConsent(deps, ticket);
    const browser = knownBrowser(req) || markBrowser(deps, res);
    const next = `/oauth2/authorize/${encodeURIComponent(ticket)}/continue`;
    res.send(startPage(request, `${next}?page=${pageKey(deps, browser, ticket)}`));
  };

const proceed =
  (deps: Deps): Door =>
  async (req, res) => {
    const ticket = String(req.params['ticket']);
    // Not by way of our page of this ticket: nobody has read there what for.
    const isRead = isFromPage(deps, req, ticket);
    if (!isRead) res.redirect(303, `/oauth2/authorize/${encodeURIComponent(ticket)}`);
    else res.redirect(303, await beginConsent(deps, ticket, knownBrowser(req)));
  };

const finish =
  (deps: Deps): Door =>
  async (req, res) => {
    const query = req.originalUrl.split('?').slice(1).join('?');
    const end = await finishConsent(deps, new URLSearchParams(query), knownBrowser(req));
    const { redirectUri = '', isGranted } = end;
    if (isWebUrl(redirectUri)) res.redirect(303, new URL(redirectUri).href);
    else res.status(isGranted ? 200 : 400).send(endPage(end));
  };

/** Answers mistakes with a page: the caller is a person. */
function shown(door: Door): RequestHandler {
  return async (req, res) => {
    try {
      await door(req, res);
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) throw error;
      res.status(error.status).send(endPage({ isGranted: false, reason: error.message }));
    }
  };
}
