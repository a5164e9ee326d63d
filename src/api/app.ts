import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from '../config/logger';
import { pathNotFound } from '../errors';
import type { Deps } from '../services/context';
import { codecRouter } from './codec/codec-router';
import { discardBody } from './discard-body';
import { sendProblem, toAppError } from './error-response';
import { filesRouter } from './files/files-router';
import { graphqlRouter } from './graphql/handler';
import { hooksRouter } from './hooks/hooks-router';
import { workersRouter } from './internal/workers-router';
import { oauthRouter } from './oauth/oauth-router';
import { assignRequestId, requestIdOf, securityHeaders } from './response-headers';
import { restRouter } from './rest/router';
import { watchStore } from './store-watch';
import { mediaRouter } from './uploads/media-router';
import { uploadsRouter } from './uploads/uploads-router';

/** Largest GraphQL document with its variables; a definition is the largest thing that is sent. */
const GRAPHQL_LIMIT = '10mb';

/** Every door of the API process. */
export function createApp(deps: Deps, logger?: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(assignRequestId(), securityHeaders(), workersRouter(deps), watchStore(deps));
  app.use('/trigger', hooksRouter(deps));
  app.use('/api/v1', restRouter(deps));
  app.use('/files', filesRouter(deps));
  app.use('/uploads', uploadsRouter(deps, logger));
  app.use('/media', mediaRouter(deps));
  app.use('/codec', codecRouter(deps));
  app.use('/oauth2', oauthRouter(deps));
  app.use('/api', express.json({ limit: GRAPHQL_LIMIT }), graphqlRouter(deps, graphqlOptions(logger)));
  app.get('/', welcome());
  app.use((req) => {
    throw pathNotFound(`${req.method} ${req.path}`);
  });
  app.use(failure(logger));
  return app;
}

function graphqlOptions(logger: Logger | undefined) {
  if (!logger) return {};
  return {
    onInternalError: (error: { internal?: string | undefined }, requestId: string) =>
      logger.error({ requestId, cause: error.internal ?? String(error) }, 'a GraphQL request failed'),
  };
}

/** What somebody who opens the address in a browser is told. */
function welcome(): RequestHandler {
  return (_req, res) => {
    res.json({
      product: 'Tenon',
      graphql: '/api',
      rest: '/api/v1',
      openapi: '/api/v1/openapi.json',
      ready: '/api/v1/health/ready',
    });
  };
}

function failure(logger: Logger | undefined): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, req, res, _next) => {
    const error = toAppError(thrown);
    const requestId = requestIdOf(res);
    // The store watch may have answered before a hanging operation failed; nothing is left to say.
    if (error.code === 'internal' && !res.headersSent)
      logger?.error({ requestId, path: req.path, cause: error.internal }, 'a request failed');
    sendProblem(res, error, requestId);
    discardBody(req);
  };
}
