import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { databaseAway } from './dependency-fault';
import { problemOf } from './error-response';

/** What every door answers before the store was reached for the first time: 503 with `Retry-After`. */
export const answerStartingUp: RequestListener = (req, res) => {
  const error = databaseAway();
  const body = JSON.stringify(problemOf(error, randomUUID()));
  res.writeHead(error.status, {
    'Content-Type': 'application/problem+json',
    'Retry-After': String(error.retryAfterSeconds),
    Connection: 'close',
  });
  res.end(body);
  req.resume();
};
