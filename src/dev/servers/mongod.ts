import type { DataFolder } from '../data-folder/data-folder';
import { keepKeyFile } from '../data-folder/secrets';
import { ManagedProcess, type Supervision } from '../processes/managed-process';
import { answers, isPrimary, type MongodAddress, setUpMongod } from './mongod-setup';

/** Exit code of a mongod that finds files of another version. */
const NEEDS_UPGRADE = 62;

export interface MongodStart {
  binary: string;
  folder: DataFolder;
  address: MongodAddress;
  env: NodeJS.ProcessEnv;
}

/** The process of a one-member replica set with authentication; not started yet. */
export function mongodProcess(start: MongodStart, supervision: Supervision): ManagedProcess {
  const { binary, folder, address, env } = start;
  const keyFile = keepKeyFile(folder.mongodbKey);
  let isSetUp = false;
  return new ManagedProcess(
    {
      name: 'MongoDB',
      command: binary,
      args: [
        '--dbpath',
        folder.mongodb,
        '--bind_ip',
        '127.0.0.1',
        '--port',
        String(address.port),
        '--replSet',
        address.replicaSet,
        '--auth',
        '--keyFile',
        keyFile,
        '--nounixsocket',
        '--wiredTigerCacheSizeGB',
        '0.5',
        // A lone member has nobody to hand over to, so it need not wait before it shuts down.
        '--setParameter',
        'shutdownTimeoutMillisForSignaledShutdown=100',
        '--setParameter',
        'diagnosticDataCollectionEnabled=false',
        // A slow write would be logged with what it writes: requests of callers with their headers, results of steps.
        '--slowOpSampleRate',
        '0',
      ],
      env,
      logFile: `${folder.logs}/mongodb.log`,
      async isReady() {
        if (isSetUp) return await isPrimary(address);
        if (!(await answers(address))) return false;
        await setUpMongod(address);
        isSetUp = true;
        return true;
      },
      readyTimeoutMs: 60_000,
      stopTimeoutMs: 20_000,
      explainExit: (code) =>
        code === NEEDS_UPGRADE
          ? `The data in ${folder.mongodb} was written by another version of MongoDB than ${binary}; name that one in TENON_MONGOD_BIN, or choose another folder with --data.`
          : undefined,
    },
    supervision,
  );
}
