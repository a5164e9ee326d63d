import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { isFinalStatus, type SentAnswer } from '../../services/executions/accept/flow-answer';
import { isHeaderName, isHeaderValue } from '../../services/executions/accept/header-fields';
import { isReservedHeader } from '../../services/executions/accept/reserved-headers';

/** Statuses that have no body, whatever the flow gave. */
const BODILESS = new Set([204, 304]);

/**
 * Sends what a flow answered; a large body as fast as the caller takes it. It comes from a tenant, so a browser must
 * neither run nor guess it. Rejects when the connection ends before the answer does.
 */
export async function sendFlowAnswer(res: Response, answer: SentAnswer, executionId: string): Promise<void> {
  res.set({ 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "sandbox; default-src 'none'" });
  for (const [name, value] of Object.entries(answer.headers)) {
    if (isReservedHeader(name) || !isHeaderName(name) || !isHeaderValue(value)) continue;
    res.setHeader(name, value);
  }
  res.status(isFinalStatus(answer.statusCode) ? answer.statusCode : 500);
  if (answer.body === null) {
    res.json({ executionId });
    return;
  }
  if (isHeaderValue(answer.contentType)) res.setHeader('Content-Type', answer.contentType);
  if (Buffer.isBuffer(answer.body) || BODILESS.has(res.statusCode)) {
    res.end(Buffer.isBuffer(answer.body) ? answer.body : undefined);
    return;
  }
  res.setHeader('Content-Length', answer.body.bytes);
  await pipeline(Readable.from(answer.body.pieces), res);
}
