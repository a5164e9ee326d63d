import { timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { Deps } from '../../services/context';
import { wakeWaiters } from '../../services/executions/accept/await-answer';
import { WAKE_PATH, wakeToken } from '../../services/executions/accept/wake-token';

/** Where workers say that the answer which a caller of this process waits for is stored. */
export function wakeRouter(deps: Deps): Router {
  const router = Router();
  router.post(`${WAKE_PATH}/:executionId`, (req, res) => {
    const { executionId } = req.params;
    const expected = Buffer.from(`Bearer ${wakeToken(deps.env, executionId)}`);
    const given = Buffer.from(req.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      res.status(401).end();
      return;
    }
    wakeWaiters(executionId);
    res.status(204).end();
  });
  return router;
}
