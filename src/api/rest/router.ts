import express, { type Request, type RequestHandler, Router } from 'express';
import { AppError, pathNotFound } from '../../errors';
import type { Deps, RequestContext } from '../../services/context';
import { authenticate } from '../auth/bearer';
import type { Endpoint } from './endpoint';
import { openApiDocument } from './openapi/document';
import { ENDPOINTS } from './routes';

/** Largest JSON body of a REST operation; a definition is the largest thing that is sent. */
const JSON_LIMIT = '10mb';

/** The REST API, to be mounted at `/api/v1`. */
export function restRouter(deps: Deps): Router {
  const router = Router();
  const document = openApiDocument();
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  const json = express.json({ limit: JSON_LIMIT, strict: false });
  for (const endpoint of ENDPOINTS) {
    const steps = [identify(deps, endpoint), requireJson, json, serve(deps, endpoint)];
    router[endpoint.method](expressPath(endpoint.path), ...steps);
  }
  router.use((req) => {
    throw pathNotFound(`The operation ${req.method} ${req.baseUrl}${req.path}`);
  });
  return router;
}

/** Finds out who asks, before any of the body is read. */
function identify(deps: Deps, endpoint: Endpoint): RequestHandler {
  return async (req, res, next) => {
    res.locals['context'] = endpoint.isPublic ? null : await authenticate(deps, req, res);
    next();
  };
}

/** Refuses a body of another type, which the parser would take for none. */
const requireJson: RequestHandler = (req, _res, next) => {
  if (hasBody(req) && !req.is('json'))
    throw new AppError('invalid_input', 'Send JSON, with `Content-Type: application/json`.');
  next();
};

function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;
}

function serve(deps: Deps, endpoint: Endpoint): RequestHandler {
  return async (req, res) => {
    const ctx = res.locals['context'] as RequestContext | null;
    const result = await endpoint.run(deps, ctx, { params: req.params, query: req.query, body: req.body });
    // The store watch may have answered in the meantime.
    if (res.headersSent) return;
    if (endpoint.response === undefined) res.status(endpoint.successStatus).end();
    else res.status(endpoint.successStatus).json(result);
  };
}

/** `/customers/{id}` of OpenAPI as `/customers/:id` of Express. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
