import type { RequestHandler } from 'express';
import type { Deps } from '../../services/context';
import { deliverAnswer } from '../../services/executions/accept/await-answer';
import type { Pushed } from '../../services/executions/accept/origin-push';
import { gathererOf } from '../../services/executions/start/gatherer-of';
import { saidIn } from './signed-body';

/** Is told by workers which of the executions that this process accepted are off their hands. */
export function takeLeft(deps: Deps): RequestHandler {
  return (req, res) => {
    const { executions, lagMs } = saidIn<Pushed>(req);
    for (const { executionId, answer } of executions)
      deliverAnswer(executionId, answer && { ...answer, body: bytesOf(answer.body) });
    const gatherer = gathererOf(deps);
    gatherer.late(lagMs);
    gatherer.left(executions.filter(({ goesOn }) => !goesOn).map(({ executionId }) => executionId));
    res.status(204).end();
  };
}

/** A copy, so that no answer keeps those that came along with it in memory. */
const bytesOf = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
