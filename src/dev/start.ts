import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiProcess, appEnvironment, localApiUrl, workerProcess } from './app-processes';
import { dataFolder, takeDataFolder } from './data-folder/data-folder';
import { isPortFree } from './data-folder/ports';
import { keepSecrets } from './data-folder/secrets';
import { runDemo } from './demo/demo';
import { DevError } from './dev-error';
import { HELP, parseOptions, type StartOptions } from './options';
import type { Supervision } from './processes/managed-process';
import { openProcessRegister } from './processes/process-register';
import { createProgress, type Progress, type ProgressStream, withTask } from './progress';
import { describeRun, jsonOf } from './report';
import { startServers } from './servers/servers';
import { Shutdown } from './shutdown';

export interface StartRequest {
  argv: string[];
  env: NodeJS.ProcessEnv;
  /** Root of the checkout; the compiled program is in `dist` below it. */
  checkout: string;
  stdout: ProgressStream;
  stderr: ProgressStream;
  /** Ends the process at once, after a second Ctrl-C. */
  exit: (code: number) => void;
}

/** Order in which things stop: doors and workers drain while what they need still runs. */
const ORDER = { apps: 1, fulfilment: 2, servers: 3, lock: 4 } as const;
/** For so long at most the worker goes on for callers who wait at a door that closes. */
const WORK_ON_MS = 4000;

/** `npm start`: starts everything, runs the sample, prints, and waits. Answers the exit code. */
export async function start(request: StartRequest): Promise<number> {
  const progress = createProgress(request.stderr);
  const shutdown = new Shutdown(progress);
  const onSignal = () => shutdown.onSignal(request.exit);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const options = parseOptions(request.argv, request.env, request.checkout);
    if (options.isHelp) {
      request.stdout.write(HELP);
      return 0;
    }
    return await run(request, options, progress, shutdown);
  } catch (error) {
    if (shutdown.wasSignalled) return 130;
    request.stderr.write(`npm start: ${sentenceOf(error)}\n`);
    return 1;
  } finally {
    await shutdown.stopAll();
    if (shutdown.wasSignalled) progress.note('Stopped.');
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function run(
  request: StartRequest,
  options: StartOptions,
  progress: Progress,
  shutdown: Shutdown,
): Promise<number> {
  const { env, checkout } = request;
  const { signal } = shutdown;
  const folder = dataFolder(options.dataDir);
  const lock = await takeDataFolder(folder, progress.note);
  shutdown.add({ order: ORDER.lock, stop: async () => lock.release(), kill: () => lock.release() });
  // Behind the folder: what a killed run left on the port has been ended, and a copy that runs on both says so.
  await checkApiPort(options);
  const supervision: Supervision = {
    register: openProcessRegister(folder.processes),
    note: progress.note,
    onGivingUp: (error) => shutdown.request(error),
  };

  const apiUrl = env['TENON_PUBLIC_URL'] || localApiUrl(options);
  const servers = await startServers({ ...options, env, progress, signal, folder, supervision, apiUrl });
  shutdown.add({ order: ORDER.servers, stop: () => servers.stop(), kill: () => servers.kill() });

  const secrets = keepSecrets(folder.secrets);
  const appEnv = appEnvironment(env, options, servers, secrets);
  const app = { dist: join(checkout, 'dist'), folder, options, env: appEnv };
  const api = apiProcess(app, supervision);
  const worker = workerProcess(app, supervision);
  const apps = [api, worker];
  const stopWorker = async (): Promise<void> => {
    await Promise.race([api.stop(), sleep(WORK_ON_MS, undefined, { ref: false })]);
    await worker.stop();
  };
  shutdown.add({ order: ORDER.apps, stop: () => api.stop(), kill: () => api.kill() });
  shutdown.add({ order: ORDER.apps, stop: stopWorker, kill: () => worker.kill() });
  signal.addEventListener('abort', () => void stopWorker());
  await withTask(progress, 'Starting API and worker', () => Promise.all(apps.map((each) => each.start())));
  signal.throwIfAborted();

  const demo = await runDemo({
    apiUrl: localApiUrl(options),
    appEnv,
    definitions: join(checkout, 'definitions'),
    folder,
    fulfilmentKey: secrets.fulfilmentKey,
    progress,
    signal,
    onService: (service) =>
      shutdown.add({ order: ORDER.fulfilment, stop: service.stop, kill: () => void service.stop() }),
  });
  const report = {
    ...demo,
    apiUrl: appEnv['TENON_PUBLIC_URL'] ?? localApiUrl(options),
    temporalAddress: servers.temporalAddress,
    tokenSeconds: Number(appEnv['TENON_ACCESS_TOKEN_SECONDS']),
  };
  if (options.isJson) request.stdout.write(`${jsonOf(report)}\n`);
  else request.stdout.write(describeRun(report, { stream: request.stdout, options, checkout, env }));
  if (options.isOnce) return report.status === 'SUCCESS' ? 0 : 1;

  const reason = await shutdown.requested();
  if (shutdown.wasSignalled) return 0;
  throw reason;
}

async function checkApiPort({ host, port }: StartOptions): Promise<void> {
  if (await isPortFree(port, host)) return;
  throw new DevError(`Port ${port} on ${host} is taken; end what uses it, or choose another with --port.`);
}

/** One sentence for what people can act on; more for what is a fault of ours. */
function sentenceOf(error: unknown): string {
  if (error instanceof DevError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
