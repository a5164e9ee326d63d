import type { RequestHandler } from 'express';
import type { Deps } from '../../services/context';

/** What Temporal's Web UI sends along. */
const HEADERS = 'Authorization, Authorization-Extras, Content-Type, X-Namespace';
const PREFLIGHT_SECONDS = '600';

/** Lets scripts of the Web UI's origin, and of no other, call with credentials and read the answer (CORS). */
export function allowWebUi(deps: Pick<Deps, 'env'>): RequestHandler {
  const origin = webUiOrigin(deps);
  return (req, res, next) => {
    res.vary('Origin');
    if (origin !== undefined && req.get('origin') === origin)
      res.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      });
    next();
  };
}

/** The origin of the Temporal Web UI, when it is known. */
export function webUiOrigin({ env }: Pick<Deps, 'env'>): string | undefined {
  return env.TENON_TEMPORAL_UI_URL === undefined ? undefined : new URL(env.TENON_TEMPORAL_UI_URL).origin;
}
