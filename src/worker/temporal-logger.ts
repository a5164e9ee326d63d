import type { Logger } from '../config/logger';

/** Temporal's own log, in ours: its chatter is for debugging only. */
export function temporalLogger(logger: Logger) {
  const log = (level: string, message: string, meta: Record<string, unknown> = {}) => {
    const { error, ...rest } = meta;
    const line = {
      ...rest,
      ...(error !== undefined && { reason: error instanceof Error ? error.message : JSON.stringify(error) }),
    };
    if (level === 'ERROR') logger.error(line, message);
    else if (level === 'WARN') logger.warn(line, message);
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
