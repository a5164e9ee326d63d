import { setTimeout as sleep } from 'node:timers/promises';
import { type NativeConnection, Runtime } from '@temporalio/worker';
import { leftWalksOf } from '../activities/long-calls/left-walks';
import type { RunDeps } from '../activities/run-deps';
import { createRunnerPool } from '../components/runner/pool';
import { endOnCrash } from '../config/crash-guard';
import { type Env, readEnv } from '../config/env';
import { createLogger, type Logger } from '../config/logger';
import { networkRules } from '../config/network';
import { ownServerAddresses } from '../config/own-servers';
import { aborted, stopOnSignals } from '../config/stop-signals';
import { untilReached } from '../config/until-reached';
import { createJournalWriter } from '../services/journal/journal-writer';
import { createLogWriter } from '../services/logs/log-writer';
import { createSealer } from '../store/sealer';
import { openStore, type Store } from '../store/store';
import { createTemporalGateway } from '../temporal/client';
import { createWorker, HAND_OVER_MS } from './create-worker';
import { checkFairness } from './health/check-fairness';
import { listenForHealth } from './health/health-server';
import type { WorkerHealth } from './health/worker-health';
import { runUntilStopped } from './run-until-stopped';
import { stepBack } from './step-back';
import { temporalLogger } from './temporal-logger';

/** Time for closing everything once the segments have ended; then the process ends nevertheless. */
const CLOSE_LIMIT_MS = 3000;

/** Runs the worker until it is asked to stop. */
async function main(): Promise<void> {
  stepBack();
  const env = readEnv();
  const logger = createLogger(env, 'worker');
  // Its native part's lines too, which else stand in a format of their own among ours.
  const telemetryOptions = { logging: { forward: {} } };
  Runtime.install({ shutdownSignals: [], logger: temporalLogger(logger), telemetryOptions });
  const stopping = stopOnSignals();
  const health: WorkerHealth = { stopping, fairness: 'unknown' };
  const flushing = { flush: async () => {} };
  const ignoreCrashes = endOnCrash(logger, () => flushing.flush());
  await listenForHealth(env, health);
  const store = await untilReached('MongoDB is not ready', logger, stopping, () =>
    openStore(env.TENON_MONGODB_URI.reveal()),
  );
  const deps = makeDeps(env, store, stopping, logger);
  flushing.flush = () => deps.logs.flush();
  Object.assign(health, { store, temporal: deps.temporal, runners: deps.runners });
  const { worker, connection } = await untilReached('Temporal is not ready', logger, stopping, async () => {
    await deps.temporal.prepare();
    return createWorker(deps);
  }).catch(async (error: unknown) => {
    // Asked to stop before it began: its runners have folders on the disk.
    await deps.runners.close();
    throw error;
  });
  health.worker = worker;
  const isEnding = runUntilStopped(worker, stopping, env.TENON_STOP_SECONDS * 1000);
  process.send?.({ type: 'ready' });
  const { level, reason } = deps.runners.confinement;
  logger.info({ taskQueue: env.TENON_TASK_QUEUE }, 'the worker is running');
  logger.info({ confinement: level, reason }, 'component code is confined');
  // Ends by itself when the worker stops.
  checkFairness(env, logger, health).catch(() => undefined);
  try {
    const hasEnded = await isEnding;
    await Promise.race([leftWalksOf(deps.store).ended(), tooLate(deps)]);
    ignoreCrashes();
    endSoon(0);
    await close(deps, hasEnded ? connection : null, logger);
  } catch (error) {
    endSoon(1);
    await deps.logs.close();
    throw error;
  }
}

function makeDeps(env: Env, store: Store, stopping: AbortSignal, logger: Logger): RunDeps {
  return {
    env,
    store,
    sealer: createSealer(env.TENON_ENCRYPTION_KEYS.reveal()),
    temporal: createTemporalGateway(env),
    runners: createRunnerPool({
      size: env.TENON_RUNNERS,
      memoryMb: env.TENON_RUNNER_MEMORY_MB,
      denyAddresses: ownServerAddresses(env),
      rules: networkRules(env),
      ...(env.TENON_CA_FILE !== undefined && { caFile: env.TENON_CA_FILE }),
      onOutput: (output) => logger.warn({ output }, 'a runner process printed this outside of any call'),
      onCrash: (reason, output) => logger.error({ reason, output }, 'a runner process ended'),
    }),
    journal: createJournalWriter(store),
    logs: createLogWriter(store),
    stopping,
    givingUp: givingUpAfter(stopping, env.TENON_STOP_SECONDS * 1000),
  };
}

function givingUpAfter(stopping: AbortSignal, limitMs: number): AbortSignal {
  const givingUp = new AbortController();
  void aborted(stopping).then(() => setTimeout(() => givingUp.abort(), limitMs).unref());
  return givingUp.signal;
}

/** Resolves when calls that were given up must have said so. */
async function tooLate({ givingUp }: RunDeps): Promise<void> {
  await aborted(givingUp);
  await sleep(HAND_OVER_MS, undefined, { ref: false });
}

/** Closing may hang as a server does; nobody waits for that. */
function endSoon(exitCode: number): void {
  setTimeout(() => process.exit(exitCode), CLOSE_LIMIT_MS).unref();
}

/** Closes everything, in order; without a connection, segments still run and the process ends under them. */
async function close(deps: RunDeps, connection: NativeConnection | null, logger: Logger): Promise<void> {
  await deps.logs.close();
  if (connection === null) {
    logger.warn('the worker has stopped; other workers take over the segments that did not end in time');
    // Their processes end with this one.
    return;
  }
  await deps.runners.close();
  await connection.close();
  await deps.temporal.close();
  await deps.store.close();
  logger.info('the worker has stopped');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') process.exit(0);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
