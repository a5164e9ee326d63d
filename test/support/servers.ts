import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, takeDataFolder } from '../../src/dev/data-folder/data-folder';
import { processIdentity } from '../../src/dev/processes/process-identity';
import { openProcessRegister } from '../../src/dev/processes/process-register';
import { createProgress } from '../../src/dev/progress';
import { startServers } from '../../src/dev/servers/servers';

/** A real mongod and a real Temporal server on a throw-away data folder. */
export interface TestServers {
  mongodbUri: (database: string) => string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  stop(): Promise<void>;
}

const PREFIX = 'tenon-test-';

/** Starts both as `npm start` does, found in the same places and with the same settings. */
export async function startTestServers(): Promise<TestServers> {
  sweep();
  const root = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const progress = createProgress(process.stderr);
  const folder = dataFolder(root);
  const lock = await takeDataFolder(folder, progress.note);
  const servers = await startServers({
    env: process.env,
    progress,
    signal: new AbortController().signal,
    folder,
    supervision: {
      register: openProcessRegister(folder.processes),
      note: progress.note,
      onGivingUp(error) {
        throw error;
      },
    },
  });
  return {
    mongodbUri: servers.mongodbUri,
    temporalAddress: servers.temporalAddress,
    temporalUiUrl: servers.temporalUiUrl,
    async stop() {
      await servers.stop();
      lock.release();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Removes the folders of test runs that were killed. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0;
    if (pid > 0 && processIdentity(pid) === undefined) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}
