import express, { Router } from 'express';
import { AppError } from '../../errors';
import type { Deps } from '../../services/context';
import { deliverAnswer } from '../../services/executions/accept/await-answer';
import {
  isSignedPush,
  PUSH_PATH,
  type Pushed,
  SIGNATURE_HEADER,
} from '../../services/executions/accept/origin-push';
import { gathererOf } from '../../services/executions/start/gatherer-of';

/** Room for the answers of one push. */
const LIMIT = '16mb';

/** Where workers tell this process which of the executions that it accepted are off their hands. */
export function leftRouter(deps: Deps): Router {
  const router = Router();
  router.post(PUSH_PATH, express.raw({ limit: LIMIT, type: () => true }), (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (!isSignedPush(deps.env, body, req.get(SIGNATURE_HEADER) ?? ''))
      throw new AppError('unauthenticated', 'Only workers of this stack may say this.');
    const { executions, lagMs } = JSON.parse(body.toString('utf8')) as Pushed;
    for (const { executionId, answer } of executions)
      deliverAnswer(executionId, answer && { ...answer, body: bytesOf(answer.body) });
    const gatherer = gathererOf(deps);
    gatherer.late(lagMs);
    gatherer.left(executions.filter(({ goesOn }) => !goesOn).map(({ executionId }) => executionId));
    res.status(204).end();
  });
  return router;
}

const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'base64'));
