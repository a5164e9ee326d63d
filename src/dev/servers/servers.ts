import type { DataFolder } from '../data-folder/data-folder';
import { choosePorts } from '../data-folder/ports';
import { keepSecrets } from '../data-folder/secrets';
import type { ManagedProcess, Supervision } from '../processes/managed-process';
import { findBinary, type Surroundings } from './binary';
import { mongodProcess } from './mongod';
import { MONGOD } from './mongod-binary';
import { type MongodAddress, mongodbUri } from './mongod-setup';
import { temporalProcess } from './temporal';
import { TEMPORAL } from './temporal-binary';

/** MongoDB and Temporal, ours or somebody else's. */
export interface Servers {
  /** Connection string for one database. */
  mongodbUri(database: string): string;
  temporalAddress: string;
  /** Origin of the Web UI; unknown for a Temporal that the environment names. */
  temporalUiUrl: string | undefined;
  /** Stops those that were started here: Temporal first. */
  stop(): Promise<void>;
  kill(): void;
}

export interface ServersRequest extends Surroundings {
  folder: DataFolder;
  supervision: Supervision;
  mongodbPort?: number | undefined;
  temporalPort?: number | undefined;
  temporalUiPort?: number | undefined;
}

/** Finds or starts both servers. What was started is stopped again when the other one fails. */
export async function startServers(request: ServersRequest): Promise<Servers> {
  const { env, folder } = request;
  const givenUri = env['TENON_MONGODB_URI'] || undefined;
  const givenTemporal = env['TENON_TEMPORAL_ADDRESS'] || undefined;
  const ports = await choosePorts(folder.ports, [
    ...(givenUri === undefined ? [MONGODB_PORT(request.mongodbPort)] : []),
    ...(givenTemporal === undefined
      ? [TEMPORAL_PORT(request.temporalPort), TEMPORAL_UI_PORT(request.temporalUiPort)]
      : []),
  ]);
  // One after the other, so that two downloads or compilers do not fight for the same screen line and processor.
  const mongodBinary = givenUri === undefined ? await findBinary(MONGOD, request) : undefined;
  const temporalBinary = givenTemporal === undefined ? await findBinary(TEMPORAL, request) : undefined;

  const address: MongodAddress = {
    port: ports.get('mongodb') ?? 0,
    user: 'tenon',
    password: keepSecrets(folder.secrets).mongodbPassword,
    replicaSet: 'tenon',
  };
  const port = ports.get('temporal') ?? 0;
  const uiPort = ports.get('temporalUi') ?? 0;
  const mongod =
    mongodBinary && mongodProcess({ binary: mongodBinary, folder, address, env }, request.supervision);
  const temporal =
    temporalBinary &&
    temporalProcess({ binary: temporalBinary, folder, port, uiPort, env }, request.supervision);

  const servers: Servers = {
    mongodbUri: (database) =>
      givenUri === undefined ? mongodbUri(address, database) : withDatabase(givenUri, database),
    temporalAddress: givenTemporal ?? `127.0.0.1:${port}`,
    temporalUiUrl: givenTemporal === undefined ? `http://127.0.0.1:${uiPort}` : env['TENON_TEMPORAL_UI_URL'],
    async stop() {
      await (temporal || undefined)?.stop();
      await (mongod || undefined)?.stop();
    },
    kill() {
      for (const server of [temporal, mongod]) (server || undefined)?.kill();
    },
  };
  await startBoth([mongod, temporal], servers, request.signal);
  return servers;
}

async function startBoth(
  processes: (ManagedProcess | '' | undefined)[],
  servers: Servers,
  signal: AbortSignal,
): Promise<void> {
  const kill = () => servers.kill();
  signal.addEventListener('abort', kill);
  try {
    signal.throwIfAborted();
    const outcomes = await Promise.allSettled(processes.map((each) => each && each.start()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return;
    await servers.stop();
    throw failed.reason;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** Puts another database into a connection string; the first one stays when none is wanted. */
export function withDatabase(uri: string, database: string): string {
  const [, origin = uri, , query = ''] = /^([a-z+]+:\/\/[^/?]+)(\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  // Without authSource the driver would look for the user in the new database.
  const named = /^[a-z+]+:\/\/[^/?]*@/.test(uri) && !query.includes('authSource=');
  const from = /^[a-z+]+:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1] ?? 'admin';
  const source = named ? `${query === '' ? '?' : `${query}&`}authSource=${from}` : query;
  return `${origin}/${database}${source}`;
}

const MONGODB_PORT = (wanted: number | undefined) => ({
  name: 'mongodb',
  label: 'MongoDB',
  variable: 'TENON_MONGODB_PORT',
  wanted,
});
const TEMPORAL_PORT = (wanted: number | undefined) => ({
  name: 'temporal',
  label: 'Temporal',
  variable: 'TENON_TEMPORAL_PORT',
  wanted,
});
const TEMPORAL_UI_PORT = (wanted: number | undefined) => ({
  name: 'temporalUi',
  label: 'the Temporal Web UI',
  variable: 'TENON_TEMPORAL_UI_PORT',
  wanted,
});
