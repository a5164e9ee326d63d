import { destination, type Logger, pino } from 'pino';
import type { Env } from './env';

/** The log of one process: JSON lines on standard error. Never hand it payloads or configuration values. */
export function createLogger(env: Pick<Env, 'TENON_LOG_LEVEL'>, name: 'api' | 'worker'): Logger {
  return pino({ name, level: env.TENON_LOG_LEVEL, base: { pid: process.pid } }, destination(2));
}

export type { Logger };
