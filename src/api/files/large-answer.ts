import type { RequestHandler } from 'express';
import type { Deps } from '../../services/context';
import type { SentAnswer } from '../../services/executions/accept/flow-answer';
import { readAnswer } from '../../services/executions/read/read-answer';
import { toGlobalId } from '../graphql/global-id';
import { sendFlowAnswer } from '../hooks/send-flow-answer';
import { readAnswerToken } from './file-token';

/** Above it, a synchronous caller is told where the answer is. Source: what callers of such flows are used to. */
const MOST_DIRECT_BYTES = 5 * 1024 * 1024;

/** Whether an answer is fetched from an address of its own. */
export const isLarge = ({ body }: SentAnswer): boolean =>
  body !== null && (Buffer.isBuffer(body) ? body.length : body.bytes) > MOST_DIRECT_BYTES;

/** Sends the answer that a signed address stands for, with the status and the headers that the flow gave. */
export function sendLargeAnswer(deps: Deps): RequestHandler<{ token: string }> {
  return async (req, res) => {
    const id = readAnswerToken(deps, req.params.token);
    const executionId = toGlobalId('InstanceExecutionResult', id);
    const answer = await readAnswer(deps, id);
    res.set({ 'prismatic-executionid': executionId, 'Cache-Control': 'private, no-store' });
    await sendFlowAnswer(res, answer, executionId);
  };
}
