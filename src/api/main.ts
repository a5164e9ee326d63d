import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOnCrash } from '../config/crash-guard';
import { type Env, publicUrl, readEnv } from '../config/env';
import { createLogger } from '../config/logger';
import { aborted, stopOnSignals } from '../config/stop-signals';
import { untilReached } from '../config/until-reached';
import { syncBuiltinComponents } from '../services/components/sync-builtin-components';
import type { Deps } from '../services/context';
import { endWaiting } from '../services/executions/accept/await-answer';
import { startSweeper } from '../services/executions/repair/sweeper';
import { gathererOf } from '../services/executions/start/gatherer-of';
import { resealApiKeys } from '../services/instances/flow-configs/api-keys';
import { createSealer } from '../store/sealer';
import { openStore } from '../store/store';
import { createTemporalGateway } from '../temporal/client';
import { createApp } from './app';
import { type ExpressMessages, expressMessages } from './express-messages';
import { serveOnPremise } from './on-premise/serve-on-premise';
import { answerStartingUp } from './starting-up';
import { whileStopping } from './stopping';

/** For so long a process that stops still takes connections, if it is at work, and says that it is not ready. */
const NOTICE_MS = 2000;
const CLOSE_IDLE_MS = 100;
/** So long before its time is over those who wait for flows are told that it stops, and by which id to ask later. */
const ANSWER_MS = 500;
/** Time for closing what the process is connected to; then it ends nevertheless. */
const CLOSE_LIMIT_MS = 3000;

/** Runs an API process until it is asked to stop. */
async function main(): Promise<void> {
  const env = readEnv();
  const logger = createLogger(env, 'api');
  const stopping = stopOnSignals();
  // Nothing is buffered here: what was answered is stored.
  const ignoreCrashes = endOnCrash(logger, async () => {});
  const doors: Doors = { handler: answerStartingUp, requests: 0 };
  const messages = expressMessages();
  const server = await listen(doors, env, messages);
  const store = await untilReached('MongoDB is not ready', logger, stopping, () =>
    openStore(env.TENON_MONGODB_URI.reveal()),
  );
  const deps: Deps = {
    env,
    store,
    sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()),
    temporal: createTemporalGateway(env),
  };
  await untilReached('the store cannot be prepared', logger, stopping, async () => {
    await store.ensureIndexes();
    await syncBuiltinComponents(deps);
    await resealApiKeys(deps);
  });
  doors.handler = messages.serve(createApp(deps, logger));
  const onPremise = serveOnPremise(server, deps, logger);
  const sweeper = startSweeper(deps, logger);
  process.send?.({ type: 'ready', url: publicUrl(env) });
  logger.info({ url: publicUrl(env) }, 'the API is listening');
  await aborted(stopping);
  sweeper.stop();
  doors.handler = whileStopping(doors.handler);
  onPremise.leave();
  await drain(server, doors, env.TENON_STOP_SECONDS * 1000);
  gathererOf(deps).stop();
  ignoreCrashes();
  setTimeout(() => process.exit(0), CLOSE_LIMIT_MS).unref();
  await onPremise.close();
  await deps.temporal.close();
  await store.close();
  logger.info('the API has stopped');
}

/** What answers requests now, and how many it has not answered yet. */
interface Doors {
  handler: RequestListener;
  requests: number;
}

function listen(doors: Doors, env: Env, messages: ExpressMessages): Promise<Server> {
  const server = createServer(messages, (req, res) => {
    doors.requests += 1;
    res.once('close', () => {
      doors.requests -= 1;
    });
    doors.handler(req, res);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${env.TENON_PORT} of ${env.TENON_HOST} is taken; choose another with TENON_PORT.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(env.TENON_PORT, env.TENON_HOST, () => resolve(server));
  });
}

/** Lets requests that are being answered end, for a while; a busy process tells that it stops before it closes. */
async function drain(server: Server, doors: Doors, limitMs: number): Promise<void> {
  const stoppedMs = Date.now();
  while (doors.requests > 0 && Date.now() - stoppedMs < Math.min(NOTICE_MS, limitMs)) await sleep(50);
  const closed = new Promise<true>((resolve) => server.close(() => resolve(true)));
  // A connection that was answered meanwhile would else be kept alive for the next request.
  const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
  const leftMs = Math.max(0, stoppedMs + limitMs - ANSWER_MS - Date.now());
  const isClosed = await Promise.race([closed, sleep(leftMs, false, { ref: false })]);
  if (!isClosed) {
    endWaiting();
    await Promise.race([closed, sleep(Math.min(ANSWER_MS, limitMs), undefined, { ref: false })]);
  }
  clearInterval(closing);
  server.closeAllConnections();
}

main().catch((error: unknown) => {
  if (error instanceof Error && error.name === 'AbortError') process.exit(0);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
