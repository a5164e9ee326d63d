import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Runtime, type Worker } from '@temporalio/worker';
import type { RunDeps } from '../../src/activities/run-deps';
import { createApp } from '../../src/api/app';
import { expressMessages } from '../../src/api/express-messages';
import { serveOnPremise } from '../../src/api/on-premise/serve-on-premise';
import { createRunnerPool } from '../../src/components/runner/pool';
import { createLogger } from '../../src/config/logger';
import { networkRules } from '../../src/config/network';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import type { Deps } from '../../src/services/context';
import { startSweeper } from '../../src/services/executions/repair/sweeper';
import { createJournalWriter } from '../../src/services/journal/journal-writer';
import { createLogWriter } from '../../src/services/logs/log-writer';
import { createWorker } from '../../src/worker/create-worker';
import { type Services, startServices } from './services';
import { silentRuntime } from './temporal-runtime';

/** API and worker in this process, on the run's real MongoDB and Temporal, with a database of its own. */
export interface System extends Services {
  apiUrl: string;
  /** Of the owner. */
  accessToken: string;
}

export interface SystemOptions {
  env?: Record<string, string>;
  /** False for an API alone. */
  worker?: boolean;
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const messages = expressMessages();
  const server = createServer(messages);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const services = await startServices({ ...options.env, TENON_PORT: String(port) });
  const { deps, env } = services;
  const logger = createLogger(env, 'api');
  server.on('request', messages.serve(createApp(deps, logger)));
  const onPremise = serveOnPremise(server, deps, logger);
  const sweeper = startSweeper(deps, logger);
  const worker = options.worker === false ? undefined : await startWorker(deps);
  return {
    ...services,
    apiUrl: `http://127.0.0.1:${port}`,
    accessToken: await issueAccessToken(deps, services.owner),
    async stop() {
      sweeper.stop();
      onPremise.leave();
      await onPremise.close();
      await closeServer(server);
      await worker?.stop();
      await services.stop();
    },
  };
}

/** A worker in this process, with runner processes of its own. */
export async function startWorker(deps: Deps): Promise<{ worker: Worker; stop(): Promise<void> }> {
  silentRuntime(Runtime);
  const stopping = new AbortController();
  const built = join(__dirname, '..', '..', 'dist');
  const runDeps: RunDeps = {
    ...deps,
    runners: createRunnerPool({
      size: deps.env.TENON_RUNNERS,
      memoryMb: 256,
      rules: networkRules(deps.env),
      ...(deps.env.TENON_CA_FILE !== undefined && { caFile: deps.env.TENON_CA_FILE }),
      entry: join(built, 'components', 'runner', 'main.js'),
    }),
    journal: createJournalWriter(deps.store),
    logs: createLogWriter(deps.store),
    stopping: stopping.signal,
    givingUp: new AbortController().signal,
  };
  const { worker, connection } = await createWorker(runDeps, join(built, 'workflow-bundle.js'));
  const running = worker.run();
  return {
    worker,
    async stop() {
      stopping.abort();
      worker.shutdown();
      await running;
      await runDeps.logs.close();
      await runDeps.runners.close();
      await connection.close();
    },
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
