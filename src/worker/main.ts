import { setTimeout as sleep } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import type { RunDeps } from '../activities/run-deps';
import { createRunnerPool } from '../components/runner/pool';
import { type Env, readEnv } from '../config/env';
import { createLogger, type Logger } from '../config/logger';
import { createJournalWriter } from '../services/journal/journal-writer';
import { createLogWriter } from '../services/logs/log-writer';
import { createSealer } from '../store/sealer';
import { openStore, type Store } from '../store/store';
import { createTemporalGateway } from '../temporal/client';
import { createWorker } from './create-worker';
import { ownServerAddresses } from './own-server-addresses';

const RETRY_MS = 1000;

/** Runs the worker until it is asked to stop. */
async function main(): Promise<void> {
  const env = readEnv();
  const logger = createLogger(env, 'worker');
  Runtime.install({ shutdownSignals: [], logger: temporalLogger(logger) });
  const stopping = new AbortController();
  stopOnSignals(stopping);
  const store = await reaching('MongoDB', logger, stopping.signal, () =>
    openStore(env.TENON_MONGODB_URI.reveal()),
  );
  const deps = makeDeps(env, store, stopping.signal);
  await reaching('Temporal', logger, stopping.signal, () => deps.temporal.prepare());
  const { worker, connection } = await reaching('Temporal', logger, stopping.signal, () =>
    createWorker(deps),
  );
  const stop = () => worker.getState() === 'RUNNING' && worker.shutdown();
  stopping.signal.addEventListener('abort', stop);
  process.send?.({ type: 'ready' });
  logger.info({ taskQueue: env.TENON_TASK_QUEUE }, 'the worker is running');
  await worker.run();
  await deps.logs.close();
  await deps.runners.close();
  await connection.close();
  await deps.temporal.close();
  await store.close();
  logger.info('the worker has stopped');
}

function makeDeps(env: Env, store: Store, stopping: AbortSignal): RunDeps {
  return {
    env,
    store,
    sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()),
    temporal: createTemporalGateway(env),
    runners: createRunnerPool({
      size: env.TENON_RUNNERS,
      memoryMb: env.TENON_RUNNER_MEMORY_MB,
      denyAddresses: ownServerAddresses(env),
    }),
    journal: createJournalWriter(store),
    logs: createLogWriter(store),
    stopping,
  };
}

/** Tries until the server is there: a worker may be started before the servers that it works with. */
async function reaching<T>(
  what: string,
  logger: Logger,
  signal: AbortSignal,
  connect: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      logger.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        `${what} cannot be reached; trying again`,
      );
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

function stopOnSignals(stopping: AbortController): void {
  const stop = () => stopping.abort();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The parent is gone: nobody else would stop us.
  process.on('disconnect', stop);
  // Listening to it must not keep a process alive that has stopped.
  process.channel?.unref();
}

function temporalLogger(logger: Logger) {
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

main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') process.exit(0);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
