import type { DataFolder } from '../data-folder/data-folder';
import { choosePorts, type PortRequest } from '../data-folder/ports';
import { keepSecrets } from '../data-folder/secrets';
import type { ManagedProcess, Supervision } from '../processes/managed-process';
import { withTask } from '../progress';
import { findBinary, type Surroundings } from './binary';
import { checkGivenServers } from './given-servers';
import { mongodProcess } from './mongod';
import { MONGOD } from './mongod-binary';
import { type MongodAddress, mongodbUri } from './mongod-setup';
import { withDatabase } from './mongodb-uri';
import { temporalProcess } from './temporal';
import { TEMPORAL } from './temporal-binary';

/** MongoDB and Temporal, ours or somebody else's. */
export interface Servers {
  /** Connection string for one database. */
  mongodbUri: (database: string) => string;
  temporalAddress: string;
  /** Origin of the Web UI; unknown for a Temporal that the environment names. */
  temporalUiUrl: string | undefined;
  /** Stops those that were started here: Temporal first. */
  stop(): Promise<void>;
  /** Ends them at once. */
  kill(): void;
}

export interface ServersRequest extends Surroundings {
  folder: DataFolder;
  supervision: Supervision;
  /** Ports that were asked for. */
  mongodbPort?: number | undefined;
  temporalPort?: number | undefined;
  temporalUiPort?: number | undefined;
  /** Origin of the API that the Web UI may ask to decrypt payloads; none for servers without an API. */
  apiUrl?: string | undefined;
}

/** One of the two before it is started; without a process it is somebody else's. */
interface Prepared {
  process?: ManagedProcess;
}

/** Finds or starts both servers; those that the environment names must answer. What was started is stopped again when the other one fails. */
export async function startServers(request: ServersRequest): Promise<Servers> {
  await checkGivenServers(request.env, request.signal);
  request.signal.throwIfAborted();
  // One after the other, so that two downloads or compilers do not fight for screen and processor.
  const mongodb = await prepareMongodb(request);
  const temporal = await prepareTemporal(request);
  const servers: Servers = {
    mongodbUri: mongodb.uri,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    async stop() {
      await temporal.process?.stop();
      await mongodb.process?.stop();
    },
    kill() {
      temporal.process?.kill();
      mongodb.process?.kill();
    },
  };
  await startAll([mongodb, temporal], servers, request);
  return servers;
}

async function startAll(
  all: Prepared[],
  servers: Servers,
  { signal, progress }: Surroundings,
): Promise<void> {
  const ours = all.flatMap((each) => each.process ?? []);
  if (ours.length === 0) return;
  const kill = () => servers.kill();
  signal.addEventListener('abort', kill);
  try {
    signal.throwIfAborted();
    await withTask(progress, 'Starting MongoDB and Temporal', async () => {
      const outcomes = await Promise.allSettled(ours.map((each) => each.start()));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed === undefined) return;
      await servers.stop();
      throw failed.reason;
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

async function prepareMongodb(request: ServersRequest): Promise<Prepared & { uri: Servers['mongodbUri'] }> {
  const { env, folder, supervision } = request;
  const given = env['TENON_MONGODB_URI'];
  if (given) return { uri: (database) => withDatabase(given, database) };
  const [port] = await portsFor(request, [
    { name: 'mongodb', label: 'MongoDB', variable: 'TENON_MONGODB_PORT', wanted: request.mongodbPort },
  ]);
  const binary = await findBinary(MONGOD, request);
  const { mongodbPassword: password } = keepSecrets(folder.secrets);
  const address: MongodAddress = { port: port ?? 0, user: 'tenon', password, replicaSet: 'tenon' };
  return {
    uri: (database) => mongodbUri(address, database),
    process: mongodProcess({ binary, folder, address, env }, supervision),
  };
}

async function prepareTemporal(
  request: ServersRequest,
): Promise<Prepared & { address: string; uiUrl: string | undefined }> {
  const { env, folder, supervision, apiUrl } = request;
  const given = env['TENON_TEMPORAL_ADDRESS'];
  if (given) return { address: given, uiUrl: env['TENON_TEMPORAL_UI_URL'] || undefined };
  const [port = 0, uiPort = 0] = await portsFor(request, [
    { name: 'temporal', label: 'Temporal', variable: 'TENON_TEMPORAL_PORT', wanted: request.temporalPort },
    {
      name: 'temporalUi',
      label: 'the Temporal Web UI',
      variable: 'TENON_TEMPORAL_UI_PORT',
      wanted: request.temporalUiPort,
    },
  ]);
  const binary = await findBinary(TEMPORAL, request);
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    process: temporalProcess(
      { binary, folder, port, uiPort, codecEndpoint: apiUrl && `${apiUrl}/codec`, env },
      supervision,
    ),
  };
}

async function portsFor({ folder }: ServersRequest, requests: PortRequest[]): Promise<number[]> {
  return [...(await choosePorts(folder.ports, requests)).values()];
}
