import type { RequestListener } from 'node:http';
import { AppError } from '../errors';
import { databaseAway } from './dependency-fault';
import { sendPlainProblem } from './plain-problem';

/**
 * What every door answers before the store was reached for the first time: 503 with `Retry-After`. Only the
 * question whether the process lives is answered with yes, so that nobody restarts it for waiting.
 */
export const answerStartingUp: RequestListener = (req, res) => {
  req.resume();
  if (req.url?.split('?')[0] === '/api/v1/health/live') {
    res.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' });
    res.end(JSON.stringify({ status: 'live' }));
    return;
  }
  const { message, retryAfterSeconds = 2 } = databaseAway();
  const meta = { mongodb: 'away' };
  sendPlainProblem(res, new AppError('dependency_unavailable', message, { retryAfterSeconds, meta }));
};
