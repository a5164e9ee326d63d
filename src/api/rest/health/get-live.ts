import { z } from 'zod';
import { publicEndpoint } from '../endpoint';

export const getLiveEndpoint = publicEndpoint({
  operationId: 'getLive',
  method: 'get',
  path: '/health/live',
  tag: 'Health',
  summary: 'Whether the process runs',
  response: z.object({ status: z.literal('live') }),
  async handler() {
    return { status: 'live' as const };
  },
});
