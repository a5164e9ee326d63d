import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { DataFolder } from './data-folder/data-folder';
import type { DevSecrets } from './data-folder/secrets';
import type { StartOptions } from './options';
import { ManagedProcess, type Supervision } from './processes/managed-process';
import type { Servers } from './servers/servers';

export interface AppStart {
  /** Folder of the compiled program. */
  dist: string;
  folder: DataFolder;
  options: StartOptions;
  env: NodeJS.ProcessEnv;
}

/** People at a terminal keep a token for a working day. */
const DEV_TOKEN_SECONDS = 12 * 3600;
const DRAIN_MS = 15_000;
const DATABASE = 'tenon';

/** The environment of API and worker. What the person has set stays. */
export function appEnvironment(
  env: NodeJS.ProcessEnv,
  options: StartOptions,
  servers: Servers,
  secrets: DevSecrets,
): NodeJS.ProcessEnv {
  return {
    TENON_ENCRYPTION_KEYS: secrets.encryptionKeys,
    TENON_JWT_SECRET: secrets.jwtSecret,
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
  return appProcess('API', 'api', start, supervision, async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    await response.body?.cancel();
    return response.ok;
  });
}

/** The worker process; ready when it says so. */
export function workerProcess(start: AppStart, supervision: Supervision): ManagedProcess {
  const heard = new WeakSet<ChildProcess>();
  const ready = new WeakSet<ChildProcess>();
  return appProcess('worker', 'worker', start, supervision, async (child) => {
    if (!heard.has(child)) {
      heard.add(child);
      child.on('message', (message) => {
        if ((message as { type?: unknown }).type === 'ready') ready.add(child);
      });
    }
    return ready.has(child);
  });
}

function appProcess(
  name: string,
  folder: string,
  start: AppStart,
  supervision: Supervision,
  isReady: (child: ChildProcess) => Promise<boolean>,
): ManagedProcess {
  return new ManagedProcess(
    {
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(start.dist, folder, 'main.js')],
      env: start.env,
      logFile: join(start.folder.logs, `${folder}.log`),
      hasIpc: true,
      isReady,
      readyTimeoutMs: 60_000,
      stopTimeoutMs: DRAIN_MS,
    },
    supervision,
  );
}
