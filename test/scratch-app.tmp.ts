import express from 'express';
import type { Deps } from '../src/services/context';
import { graphqlRouter } from '../src/api/graphql/handler';
import { filesRouter } from '../src/api/files/files-router';
import { assignRequestId, requestIdOf } from '../src/api/response-headers';
import { sendProblem, toAppError } from '../src/api/error-response';
export function createApp(deps: Deps) {
  const app = express();
  app.use(assignRequestId());
  app.use('/api', express.json({ limit: '10mb' }), graphqlRouter(deps, { onInternalError: (e, id) => console.error('INTERNAL', id, e.internal ?? e) }));
  app.use('/files', filesRouter(deps));
  app.use((err: unknown, _q: any, res: any, _n: any) => sendProblem(res, toAppError(err), requestIdOf(res)));
  return app;
}
