import { Router } from 'express';
import type { Deps } from '../../services/context';
import { BOARDING_PATH, PUSH_PATH } from '../../services/executions/accept/origin-push';
import { boardWaiting } from './boarding';
import { takeLeft } from './left';
import { signedBody } from './signed-body';

/** What workers tell and ask the process that accepted what they run. */
export function workersRouter(deps: Deps): Router {
  const router = Router();
  const signed = signedBody(deps.env);
  router.post(PUSH_PATH, signed, takeLeft(deps));
  router.post(BOARDING_PATH, signed, boardWaiting(deps));
  return router;
}
