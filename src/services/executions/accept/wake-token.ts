import { createHmac } from 'node:crypto';
import type { Env } from '../../../config/env';

/** Where an API process is told that an answer is stored. */
export const WAKE_PATH = '/internal/wake';

/** Proves that a wake comes from a worker of this stack. */
export function wakeToken(env: Env, executionId: string): string {
  return createHmac('sha256', env.TENON_JWT_SECRET.reveal())
    .update(`wake/${executionId}`)
    .digest('base64url');
}
