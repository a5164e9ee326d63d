import type { DataFolder } from '../../../src/dev/data-folder/data-folder';
import { choosePorts } from '../../../src/dev/data-folder/ports';
import { keepSecrets } from '../../../src/dev/data-folder/secrets';
import type { ManagedProcess } from '../../../src/dev/processes/managed-process';
import { openProcessRegister } from '../../../src/dev/processes/process-register';
import { createProgress } from '../../../src/dev/progress';
import { findBinary } from '../../../src/dev/servers/binary';
import { mongodProcess } from '../../../src/dev/servers/mongod';
import { MONGOD } from '../../../src/dev/servers/mongod-binary';
import { type MongodAddress, mongodbUri } from '../../../src/dev/servers/mongod-setup';
import { temporalProcess } from '../../../src/dev/servers/temporal';
import { TEMPORAL } from '../../../src/dev/servers/temporal-binary';
import type { Part, PartName } from './part';

/** Both servers, found and set up as `npm start` does it; not started yet. */
export interface ServerParts {
  mongod: Part;
  temporal: Part;
  mongodbUri(database: string): string;
  temporalAddress: string;
  apiPort: number;
}

export async function serverParts(folder: DataFolder): Promise<ServerParts> {
  const { env } = process;
  const progress = createProgress(process.stderr);
  const around = { env, progress, signal: new AbortController().signal };
  const supervision = {
    register: openProcessRegister(folder.processes),
    note: progress.note,
    onGivingUp(error: Error) {
      throw error;
    },
  };
  const names = ['mongodb', 'temporal', 'temporalUi', 'api'];
  const ports = await choosePorts(
    folder.ports,
    names.map((name) => ({ name, label: name, variable: '' })),
  );
  const portOf = (name: string) => ports.get(name) ?? 0;
  const { mongodbPassword: password } = keepSecrets(folder.secrets);
  const address: MongodAddress = { port: portOf('mongodb'), user: 'tenon', password, replicaSet: 'tenon' };
  const mongod = { binary: await findBinary(MONGOD, around), folder, address, env };
  const temporal = {
    binary: await findBinary(TEMPORAL, around),
    folder,
    port: portOf('temporal'),
    uiPort: portOf('temporalUi'),
    codecEndpoint: undefined,
    env,
  };
  return {
    mongod: partOf('mongod', mongodProcess(mongod, supervision)),
    temporal: partOf('Temporal', temporalProcess(temporal, supervision)),
    mongodbUri: (database) => mongodbUri(address, database),
    temporalAddress: `127.0.0.1:${temporal.port}`,
    apiPort: portOf('api'),
  };
}

function partOf(name: PartName, managed: ManagedProcess): Part {
  return {
    name,
    start: () => managed.start(),
    async kill() {
      managed.kill();
      // Waits for its end.
      await managed.stop();
    },
  };
}
