import { type RequestHandler, type Response, Router } from 'express';
import { AppError, isAppError } from '../../errors';
import type { Deps } from '../../services/context';
import { acceptDelivery } from '../../services/executions/accept/accept-delivery';
import { answerUrl } from '../files/file-token';
import { isLarge } from '../files/large-answer';
import { toGlobalId } from '../graphql/global-id';
import { stopWatchingStore } from '../store-watch';
import { deliveryOfRequest } from './delivery-of-request';
import { sendFlowAnswer } from './send-flow-answer';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The webhooks of all flows, to be mounted at `/trigger`: `/<flow config id>[/<path fragment>]`. */
export function hooksRouter(deps: Deps): Router {
  const router = Router();
  const route = router.route('/:flowConfigId{/*rest}');
  // Ahead of GET, which Express would answer a HEAD with: looking at a webhook must not run its flow.
  route.head(refuseMethod);
  for (const method of METHODS) route[method](serve(deps));
  route.all(refuseMethod);
  return router;
}

const refuseMethod: RequestHandler = (req, res) => {
  const allowed = METHODS.join(', ').toUpperCase();
  res.set('Allow', allowed);
  throw new AppError('method_not_allowed', `Webhooks take ${allowed}, not ${req.method}.`);
};

function serve(deps: Deps): RequestHandler {
  return async (req, res) => {
    try {
      const accepted = await acceptDelivery(deps, await deliveryOfRequest(deps, req));
      const executionId = nameRun(res, accepted.executionId);
      if (accepted.isSynchronous) {
        // From here on the flow may take its time; the answer has a limit of its own.
        stopWatchingStore(res);
        const answer = await accepted.answer();
        if (isLarge(answer)) res.redirect(303, answerUrl(deps, accepted.executionId));
        else await sendFlowAnswer(res, answer, executionId);
      } else res.json({ executionId });
    } catch (error) {
      throw withRunNamed(res, error);
    }
  };
}

/** Names the run in the answer's head; the id as callers see it, in failures too. */
function nameRun(res: Response, executionId: string): string {
  const id = toGlobalId('InstanceExecutionResult', executionId);
  res.set('prismatic-executionid', id);
  return id;
}

function withRunNamed(res: Response, error: unknown): unknown {
  if (!isAppError(error) || res.headersSent) return error;
  const { executionId } = error.meta;
  if (typeof executionId === 'string') error.meta['executionId'] = nameRun(res, executionId);
  return error;
}
