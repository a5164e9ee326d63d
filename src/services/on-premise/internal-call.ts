import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Env } from '../../config/env';

/** Where workers open streams to the agents that an API process holds. */
export const STREAMS_PATH = '/internal/on-premise';
export const TIME_HEADER = 'x-tenon-time';
/** How far the clocks of two machines may be apart, ms. */
const MOST_APART_MS = 5 * 60_000;

/** Proves that a connection is opened by a worker of this stack; `time` in ms since 1970. */
export function signDial(env: Env, time: string): string {
  const key = env.TENON_JWT_SECRET.reveal();
  return createHmac('sha256', key).update('on-premise/').update(time).digest('base64url');
}

/** Whether it was opened by a worker of this stack, lately. */
export function isSignedDial(env: Env, time: string, signature: string): boolean {
  const [expected, given] = [Buffer.from(signDial(env, time)), Buffer.from(signature)];
  const isRecent = Math.abs(Date.now() - Number(time)) < MOST_APART_MS;
  return isRecent && given.length === expected.length && timingSafeEqual(given, expected);
}
