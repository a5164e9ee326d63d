import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Env, publicUrl, readEnv } from '../config/env';
import { createLogger, type Logger } from '../config/logger';
import { syncBuiltinComponents } from '../services/components/sync-builtin-components';
import type { Deps } from '../services/context';
import { startSweeper } from '../services/executions/repair/sweeper';
import { createSealer } from '../store/sealer';
import { openStore } from '../store/store';
import { createTemporalGateway } from '../temporal/client';
import { createApp } from './app';
import { answerStartingUp } from './starting-up';

const RETRY_MS = 1000;
const DRAIN_MS = 10_000;
const CLOSE_IDLE_MS = 100;

/** Runs an API process until it is asked to stop. */
async function main(): Promise<void> {
  const env = readEnv();
  const logger = createLogger(env, 'api');
  const stopping = stopSignal();
  const doors: { handler: RequestListener } = { handler: answerStartingUp };
  const server = await listen((req, res) => doors.handler(req, res), env);
  const store = await repeated(logger, stopping, 'MongoDB cannot be reached', () =>
    openStore(env.TENON_MONGODB_URI.reveal()),
  );
  const deps: Deps = {
    env,
    store,
    sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()),
    temporal: createTemporalGateway(env),
  };
  await repeated(logger, stopping, 'the store cannot be prepared', async () => {
    await store.ensureIndexes();
    await syncBuiltinComponents(deps);
  });
  doors.handler = createApp(deps, logger);
  const sweeper = startSweeper(deps, logger);
  process.send?.({ type: 'ready', url: publicUrl(env) });
  logger.info({ url: publicUrl(env) }, 'the API is listening');
  await aborted(stopping);
  sweeper.stop();
  await drain(server);
  await deps.temporal.close();
  await store.close();
  logger.info('the API has stopped');
}

function listen(handler: RequestListener, env: Env): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${env.TENON_PORT} of ${env.TENON_HOST} is taken; choose another with TENON_PORT.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(env.TENON_PORT, env.TENON_HOST, () => resolve(server));
  });
}

/** Lets requests that are being answered end, for a while. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that was answered meanwhile would else be kept alive for the next request.
  const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
  await Promise.race([closed, sleep(DRAIN_MS, undefined, { ref: false })]);
  clearInterval(closing);
  server.closeAllConnections();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Tries until it succeeds: an API may be started before its servers. */
async function repeated<T>(
  logger: Logger,
  signal: AbortSignal,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      logger.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        `${what}; trying again`,
      );
      await sleep(RETRY_MS, undefined, { signal });
    }
  }
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The parent is gone: nobody else would stop us.
  process.on('disconnect', stop);
  // Listening to it must not keep a process alive that has stopped.
  process.channel?.unref();
  return stopping.signal;
}

main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') process.exit(0);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
