import { Pool } from 'undici';
import { fromGlobalId } from '../../../src/api/graphql/global-id';
import { httpBody } from './body';
import type { Refused, Sent } from './callers';
import type { Destination, LoadOrder } from './order';

/** Longer than the door lets a caller wait. */
const ANSWER_LIMIT_MS = 60_000;
const TRY_LATER = [429, 503];

/** Sends deliveries over connections that stay open, one for each caller. */
export function createWebhookSender(order: LoadOrder) {
  const first = order.destinations.find((destination) => destination.kind === 'webhook');
  const pool =
    first &&
    new Pool(new URL(first.url).origin, {
      connections: order.callers,
      headersTimeout: ANSWER_LIMIT_MS,
      bodyTimeout: ANSWER_LIMIT_MS,
    });
  return {
    async send({ url }: Extract<Destination, { kind: 'webhook' }>, number: number): Promise<Sent | Refused> {
      if (pool === undefined) throw new Error('No webhook was given.');
      const { body, contentType } = httpBody(order.body, number);
      const startedAt = performance.now();
      const answer = await pool.request({
        path: new URL(url).pathname,
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
      });
      const text = await answer.body.text();
      const ackMs = performance.now() - startedAt;
      if (TRY_LATER.includes(answer.statusCode))
        return { retryAfterMs: Number(answer.headers['retry-after'] ?? 1) * 1000 };
      if (answer.statusCode !== 200)
        throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      const id = fromGlobalId('InstanceExecutionResult', String(answer.headers['prismatic-executionid']));
      return { id, ackMs, ...(order.waitsForResult && { resultMs: ackMs }) };
    },
    close: async () => pool?.close(),
  };
}
