import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Runtime, type Worker } from '@temporalio/worker';
import type { RunDeps } from '../../src/activities/run-deps';
import { createApp } from '../../src/api/app';
import { createRunnerPool } from '../../src/components/runner/pool';
import { type Env, readEnv } from '../../src/config/env';
import { createLogger } from '../../src/config/logger';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { syncBuiltinComponents } from '../../src/services/components/sync-builtin-components';
import type { Deps, RequestContext } from '../../src/services/context';
import { startSweeper } from '../../src/services/executions/sweep-accepted';
import { createJournalWriter } from '../../src/services/journal/journal-writer';
import { createLogWriter } from '../../src/services/logs/log-writer';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { createSealer } from '../../src/store/sealer';
import { openStore } from '../../src/store/store';
import { createTemporalGateway } from '../../src/temporal/client';
import { createWorker } from '../../src/worker/create-worker';
import { silentRuntime } from './temporal-runtime';

/** API and worker in this process, on the run's real MongoDB and Temporal, with a database of its own. */
export interface System {
  apiUrl: string;
  accessToken: string;
  deps: Deps;
  /** The owner of organization Acme. */
  ctx: RequestContext;
  env: Env;
  stop(): Promise<void>;
}

export interface SystemOptions {
  env?: Record<string, string>;
  /** False for an API alone. */
  worker?: boolean;
}

/** The environment of a test system: a fresh database and task queue on the run's servers. */
export function testEnvironment(overrides: Record<string, string> = {}): Record<string, string> {
  const uri = process.env['TENON_TEST_MONGODB_URI'];
  const temporal = process.env['TENON_TEST_TEMPORAL_ADDRESS'];
  if (!uri || !temporal)
    throw new Error('The test servers are not running; start the tests with `npm test`.');
  const name = `t${randomUUID().slice(0, 8)}`;
  const mongodb = new URL(uri);
  mongodb.pathname = `/${name}`;
  if (mongodb.username)
    mongodb.searchParams.set('authSource', mongodb.searchParams.get('authSource') ?? 'admin');
  return {
    TENON_PORT: '3000',
    TENON_MONGODB_URI: mongodb.href,
    TENON_TEMPORAL_ADDRESS: temporal,
    TENON_TASK_QUEUE: name,
    TENON_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    TENON_JWT_SECRET: randomBytes(32).toString('hex'),
    TENON_RUNNERS: '1',
    TENON_LOG_LEVEL: 'error',
    ...overrides,
  };
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = readEnv({ ...testEnvironment(options.env), TENON_PORT: String(port) });
  const store = await openStore(env.TENON_MONGODB_URI.reveal());
  const deps: Deps = {
    env,
    store,
    sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()),
    temporal: createTemporalGateway(env),
  };
  await store.ensureIndexes();
  await deps.temporal.prepare();
  await syncBuiltinComponents(deps);
  const { owner } = await bootstrapOrganization(deps, {
    organizationName: 'Acme',
    ownerEmail: 'owner@acme.test',
    ownerName: 'Olive Owner',
  });
  server.on('request', createApp(deps, createLogger(env, 'api')));
  const sweeper = startSweeper(deps, createLogger(env, 'api'));
  const worker = options.worker === false ? undefined : await startWorker(deps);
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    accessToken: await issueAccessToken(deps, owner),
    deps,
    env,
    ctx: {
      actor: { userId: owner._id, organizationId: owner.organizationId, customerId: null, role: owner.role },
      requestId: 'test',
    },
    async stop() {
      sweeper.stop();
      await closeServer(server);
      await worker?.stop();
      await deps.temporal.close();
      await store.connection.dropDatabase();
      await store.close();
    },
  };
}

/** A worker in this process, with runner processes of its own. */
export async function startWorker(deps: Deps): Promise<{ worker: Worker; stop(): Promise<void> }> {
  silentRuntime(Runtime);
  const stopping = new AbortController();
  const entry = join(__dirname, '..', '..', 'dist', 'components', 'runner', 'main.js');
  const runDeps: RunDeps = {
    ...deps,
    runners: createRunnerPool({ size: deps.env.TENON_RUNNERS, memoryMb: 256, entry }),
    journal: createJournalWriter(deps.store),
    logs: createLogWriter(deps.store),
    stopping: stopping.signal,
  };
  const { worker, connection } = await createWorker(runDeps);
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
