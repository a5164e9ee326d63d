import { join } from 'node:path';
import type { DataFolder } from './data-folder/data-folder';
import { choosePorts } from './data-folder/ports';
import type { DevSecrets } from './data-folder/secrets';
import type { StartOptions } from './options';
import { ManagedProcess, type ProcessSpec, type Supervision } from './processes/managed-process';
import type { Servers } from './servers/servers';

export interface AppStart {
  /** Folder of the compiled program. */
  dist: string;
  folder: DataFolder;
  options: StartOptions;
  env: NodeJS.ProcessEnv;
}

/**
 * The heap grows by 60 % at a time instead of up to 300 %: a third less memory under load, for a few percent of
 * processor time. It sets no limit. Half of the usual room for what is new saves the worker 30 MB more and costs it
 * nothing that can be measured; the API, with a quarter of it, took a fifth more processor time.
 */
const HEAP = {
  api: ['--heap-growing-percent=60'],
  worker: ['--heap-growing-percent=60', '--max-semi-space-size=8'],
};
/** The C library would keep a pool of memory for each of a dozen threads and more. */
const MALLOC = { MALLOC_ARENA_MAX: '2' };

/** People at a terminal keep a token for a working day. */
const DEV_TOKEN_SECONDS = 12 * 3600;
/** What API and worker may take to stop: as long as they wait for work under way, and some seconds for the rest. */
const STOP_SECONDS = 10;
const CLOSE_SECONDS = 8;
const DATABASE = 'tenon';

/** The environment of API and worker. What the person has set stays. */
export function appEnvironment(
  env: NodeJS.ProcessEnv,
  options: StartOptions,
  servers: Servers,
  secrets: DevSecrets,
): NodeJS.ProcessEnv {
  return {
    ...MALLOC,
    TENON_ENCRYPTION_KEYS: secrets.encryptionKeys,
    TENON_JWT_SECRET: secrets.jwtSecret,
    // What developers integrate with runs beside it.
    TENON_ALLOW_ADDRESSES: 'loopback',
    TENON_ACCESS_TOKEN_SECONDS: String(DEV_TOKEN_SECONDS),
    ...(servers.temporalUiUrl === undefined ? {} : { TENON_TEMPORAL_UI_URL: servers.temporalUiUrl }),
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    TENON_HOST: options.host,
    TENON_PORT: String(options.port),
    TENON_MONGODB_URI: env['TENON_MONGODB_URI'] || servers.mongodbUri(DATABASE),
    TENON_TEMPORAL_ADDRESS: servers.temporalAddress,
  };
}

/** Where the API is reached from this machine. */
export function localApiUrl(options: StartOptions): string {
  const isAny = options.host === '0.0.0.0' || options.host === '::';
  const host = isAny ? '127.0.0.1' : options.host.includes(':') ? `[${options.host}]` : options.host;
  return `http://${host}:${options.port}`;
}

/** The API process; ready when it reaches both servers. */
export function apiProcess(start: AppStart, supervision: Supervision): ManagedProcess {
  const url = `${localApiUrl(start.options)}/api/v1/health/ready`;
  return new AppProcess(
    specOf('API', 'api', start, start.env, () => url),
    supervision,
  );
}

/** The worker process; ready when it polls for work and reaches both servers. */
export function workerProcess(start: AppStart, supervision: Supervision): ManagedProcess {
  const env = { ...start.env, TENON_WORKER_HOST: start.env['TENON_WORKER_HOST'] || '127.0.0.1' };
  const host = env.TENON_WORKER_HOST === '0.0.0.0' ? '127.0.0.1' : env.TENON_WORKER_HOST;
  const spec = specOf('worker', 'worker', start, env, () => `http://${host}:${portOf(env)}/health/ready`);
  return new AppProcess(spec, supervision, async () => {
    const request = {
      name: 'worker',
      label: 'the health check of the worker',
      variable: 'TENON_WORKER_PORT',
    };
    const wanted = portOf(env) || undefined;
    const ports = await choosePorts(start.folder.ports, [{ ...request, wanted }]);
    Object.assign(env, { TENON_WORKER_PORT: String(ports.get(request.name)) });
  });
}

const portOf = (env: NodeJS.ProcessEnv): number => Number(env['TENON_WORKER_PORT'] ?? 0);

/** Asked to stop by two at once it gets one signal only: a second one would end it in the middle of its work. */
class AppProcess extends ManagedProcess {
  readonly #prepare: () => Promise<void>;
  #stopping: Promise<void> | undefined;

  constructor(spec: ProcessSpec, supervision: Supervision, prepare = async () => {}) {
    super(spec, supervision);
    this.#prepare = prepare;
  }

  override async start(): Promise<void> {
    await this.#prepare();
    await super.start();
  }

  override stop(): Promise<void> {
    this.#stopping ??= super.stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }
}

function specOf(
  name: string,
  folder: keyof typeof HEAP,
  start: AppStart,
  env: NodeJS.ProcessEnv,
  readyUrl: () => string,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [...HEAP[folder], join(start.dist, folder, 'main.js')],
    env,
    logFile: join(start.folder.logs, `${folder}.log`),
    hasIpc: true,
    async isReady() {
      const response = await fetch(readyUrl(), { signal: AbortSignal.timeout(3_000) });
      await response.body?.cancel();
      return response.ok;
    },
    readyTimeoutMs: 60_000,
    stopTimeoutMs: (Number(env['TENON_STOP_SECONDS'] || STOP_SECONDS) + CLOSE_SECONDS) * 1000,
  };
}
