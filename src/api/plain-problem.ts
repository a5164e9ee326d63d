import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AppError } from '../errors';
import { problemOf } from './error-response';

/** Answers with the problem of an error where Express is not there to do it, and closes the connection. */
export function sendPlainProblem(res: ServerResponse, error: AppError): void {
  res.writeHead(error.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(error.retryAfterSeconds !== undefined && { 'Retry-After': String(error.retryAfterSeconds) }),
    Connection: 'close',
  });
  res.end(JSON.stringify({ ...error.meta, ...problemOf(error, randomUUID()) }));
}
