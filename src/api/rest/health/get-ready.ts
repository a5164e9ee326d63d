import { z } from 'zod';
import { AppError } from '../../../errors';
import { publicEndpoint } from '../endpoint';

const PING_TIMEOUT_MS = 700;

export const getReadyEndpoint = publicEndpoint({
  operationId: 'getReady',
  method: 'get',
  path: '/health/ready',
  tag: 'Health',
  summary: 'Whether MongoDB and Temporal answer',
  description: 'While one of them is away: 503, and `mongodb` and `temporal` in the problem say which.',
  response: z.object({ status: z.literal('ready'), mongodb: z.literal('ok'), temporal: z.literal('ok') }),
  async handler(deps) {
    const [isStoreThere, isTemporalThere] = await Promise.all([
      deps.store.ping(PING_TIMEOUT_MS),
      deps.temporal.ping(PING_TIMEOUT_MS),
    ]);
    if (isStoreThere && isTemporalThere) {
      return { status: 'ready' as const, mongodb: 'ok' as const, temporal: 'ok' as const };
    }
    throw notReady(isStoreThere, isTemporalThere);
  },
});

/** The 503 that names what is away. */
export function notReady(isStoreThere: boolean, isTemporalThere: boolean): AppError {
  const away = [isStoreThere ? '' : 'MongoDB', isTemporalThere ? '' : 'Temporal']
    .filter(Boolean)
    .join(' and ');
  return new AppError('dependency_unavailable', `Away at the moment: ${away}.`, {
    retryAfterSeconds: 2,
    meta: { mongodb: isStoreThere ? 'ok' : 'away', temporal: isTemporalThere ? 'ok' : 'away' },
  });
}
