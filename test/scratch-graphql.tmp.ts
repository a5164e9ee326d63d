import express from 'express';
import { startServices } from './support/services';
import { graphqlRouter } from '../src/api/graphql/handler';
import { filesRouter } from '../src/api/files/files-router';
import { assignRequestId, requestIdOf } from '../src/api/response-headers';
import { sendProblem, toAppError } from '../src/api/error-response';
import { issueAccessToken } from '../src/services/access-tokens/issue-access-token';
(async () => {
  const s = await startServices({ TENON_PORT: '3999' });
  const app = express();
  app.use(assignRequestId());
  app.use('/api', express.json({ limit: '10mb' }), graphqlRouter(s.deps, { onInternalError: (e, id) => console.error('INTERNAL', id, e.internal ?? e) }));
  app.use('/files', filesRouter(s.deps));
  app.use((err: unknown, _q: any, res: any, _n: any) => sendProblem(res, toAppError(err), requestIdOf(res)));
  app.listen(3999, '127.0.0.1', async () => console.log('export TOKEN=' + (await issueAccessToken(s.deps, s.owner, 36000))));
})();
