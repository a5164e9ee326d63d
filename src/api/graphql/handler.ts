import { type Request, type RequestHandler, type Response, Router } from 'express';
import { execute, type GraphQLSchema } from 'graphql';
import type { Deps } from '../../services/context';
import { authenticate } from '../auth/bearer';
import { toAppError } from '../error-response';
import { requestIdOf } from '../response-headers';
import { type Answer, answerOf, type InternalErrorSink, refusalOf } from './answer';
import { createSchema } from './create-schema';
import { parseDocument } from './document';
import { createRequest } from './request';
import { resolvers } from './resolvers';

/** What {@link graphqlRouter} is told of beyond `Deps`. */
export interface GraphqlOptions {
  /** Called with every error whose cause the caller is not shown. */
  onInternalError?: InternalErrorSink;
}

/**
 * The GraphQL door, to be mounted at `/api` behind a JSON body parser: `POST` with `query`, `variables` and
 * `operationName`. Answers 200 with `data` or with the errors of fields, 400 for a document that cannot run,
 * 401 without a valid access token, 503 with `Retry-After` while the database is away.
 */
export function graphqlRouter(deps: Deps, options: GraphqlOptions = {}): Router {
  const schema = createSchema(resolvers);
  const router = Router();
  router.post('/', serve(deps, schema, options.onInternalError ?? (() => {})));
  router.all('/', (_req, res) => {
    res
      .status(405)
      .set('Allow', 'POST')
      .json({ errors: [{ message: 'GraphQL takes POST requests only.' }] });
  });
  return router;
}

function serve(deps: Deps, schema: GraphQLSchema, report: InternalErrorSink): RequestHandler {
  return async (req, res) => {
    try {
      send(res, await answer(deps, schema, req, res, report));
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'internal') report(error, requestIdOf(res));
      send(res, refusalOf(error, requestIdOf(res)));
    }
  };
}

async function answer(
  deps: Deps,
  schema: GraphQLSchema,
  req: Request,
  res: Response,
  report: InternalErrorSink,
): Promise<Answer> {
  const context = await authenticate(deps, req, res);
  const { document, variables, operationName } = parseDocument(schema, req.body);
  const result = await execute({
    schema,
    document,
    contextValue: createRequest(deps, context),
    variableValues: variables,
    operationName,
  });
  return answerOf(result, context.requestId, report);
}

function send(res: Response, { status, headers, body }: Answer): void {
  // Somebody else may have answered meanwhile, when the database was seen to hang.
  if (res.headersSent) return;
  res.status(status).set(headers).json(body);
}
