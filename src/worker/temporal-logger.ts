import type { Logger } from '../config/logger';

/** A workflow's task took long, which is no fault: a first segment runs within it. */
const LONG_TASK = '[TMPRL1104]';

/** Temporal's own log, in ours: its chatter is for debugging only. */
export function temporalLogger(logger: Logger) {
  const log = (level: string, message: string, meta: Record<string, unknown> = {}) => {
    const { error, ...rest } = meta;
    const line = {
      ...rest,
      ...(error !== undefined && { reason: error instanceof Error ? error.message : JSON.stringify(error) }),
    };
    if (level === 'ERROR') logger.error(line, message);
    else if (level === 'WARN' && !message.includes(LONG_TASK)) logger.warn(line, message);
    else logger.debug(line, message);
  };
  return {
    log,
    trace: (message: string, meta?: Record<string, unknown>) => log('TRACE', message, meta),
    debug: (message: string, meta?: Record<string, unknown>) => log('DEBUG', message, meta),
    info: (message: string, meta?: Record<string, unknown>) => log('INFO', message, meta),
    warn: (message: string, meta?: Record<string, unknown>) => log('WARN', message, meta),
    error: (message: string, meta?: Record<string, unknown>) => log('ERROR', message, meta),
  };
}
