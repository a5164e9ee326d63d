import { z } from 'zod';
import { isReady, notReady } from '../../../services/health/not-ready';
import { publicEndpoint } from '../endpoint';

const PING_TIMEOUT_MS = 700;

export const getReadyEndpoint = publicEndpoint({
  operationId: 'getReady',
  method: 'get',
  path: '/health/ready',
  tag: 'Health',
  summary: 'Whether MongoDB and Temporal answer',
  description:
    'While one of them is away: 503, and `mongodb` and `temporal` in the problem say which. While the process ' +
    'stops: 503, and `process` in the problem is `stopping`.',
  response: z.object({ status: z.literal('ready'), mongodb: z.literal('ok'), temporal: z.literal('ok') }),
  async handler(deps) {
    const [isStoreThere, isTemporalThere] = await Promise.all([
      deps.store.ping(PING_TIMEOUT_MS),
      deps.temporal.ping(PING_TIMEOUT_MS),
    ]);
    const parts = { mongodb: isStoreThere ? 'ok' : 'away', temporal: isTemporalThere ? 'ok' : 'away' };
    if (!isReady(parts)) throw notReady(parts);
    return { status: 'ready' as const, mongodb: 'ok' as const, temporal: 'ok' as const };
  },
});
