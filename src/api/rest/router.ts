import express, { type RequestHandler, Router } from 'express';
import { notFound } from '../../errors';
import type { Deps } from '../../services/context';
import { authenticate } from '../auth/bearer';
import { type Endpoint } from './endpoint';
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
    router[endpoint.method](expressPath(endpoint.path), json, serve(deps, endpoint));
  }
  router.use((req) => {
    throw notFound(`The operation ${req.method} ${req.baseUrl}${req.path}`);
  });
  return router;
}

function serve(deps: Deps, endpoint: Endpoint): RequestHandler {
  return async (req, res) => {
    const ctx = endpoint.isPublic ? null : await authenticate(deps, req, res);
    const result = await endpoint.run(deps, ctx, { params: req.params, query: req.query, body: req.body });
    if (endpoint.response === undefined) res.status(endpoint.successStatus).end();
    else res.status(endpoint.successStatus).json(result);
  };
}

/** `/customers/{id}` of OpenAPI as `/customers/:id` of Express. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
