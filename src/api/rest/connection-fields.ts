import { z } from 'zod';
import { time } from './fields';

/** What is shown of a connection's grant, whoever owns it. */
export const connectionFields = {
  statusReason: z.string().nullable().describe('Why a connection is not active.'),
  authorizeUrl: z
    .string()
    .nullable()
    .describe('Where a person grants access to an OAuth connection; works for a day.'),
  refreshAt: time.nullable().describe('When the token of an OAuth connection is refreshed next.'),
  lastSuccessfulRefreshAt: time.nullable(),
};
