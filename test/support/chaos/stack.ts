import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, takeDataFolder } from '../../../src/dev/data-folder/data-folder';
import { type Services, startServices } from '../services';
import { testEnvironment } from '../test-environment';
import { type AppPart, appPart } from './app-part';
import type { Part } from './part';
import { serverParts } from './server-parts';

/** The whole product in processes of its own: two servers, one API, one worker with its runners. */
export interface ChaosStack {
  mongod: Part;
  temporal: Part;
  api: AppPart;
  worker: AppPart;
  /** To set up what runs, and to look at the records. */
  services: Services;
  /** Ends everything. The logs stay when something failed. */
  stop(keepsLogs: boolean): Promise<void>;
}

const RUNNERS = 2;

export async function startChaosStack(): Promise<ChaosStack> {
  const folder = dataFolder(mkdtempSync(join(tmpdir(), `tenon-test-${process.pid}-chaos-`)));
  const lock = await takeDataFolder(folder, () => undefined);
  const { mongod, temporal, mongodbUri, temporalAddress, apiPort } = await serverParts(folder);
  const env = testEnvironment({
    TENON_PORT: String(apiPort),
    TENON_MONGODB_URI: mongodbUri('chaos'),
    TENON_TEMPORAL_ADDRESS: temporalAddress,
    TENON_RUNNERS: String(RUNNERS),
    TENON_LOG_LEVEL: 'info',
  });
  const api = appPart('api', env, join(folder.logs, 'api.log'));
  const worker = appPart('worker', env, join(folder.logs, 'worker.log'));
  let services: Services | undefined;
  const stop = async (keepsLogs: boolean) => {
    await Promise.all([api.kill(), worker.kill()]);
    await services?.stop().catch(() => undefined);
    await Promise.all([temporal.kill(), mongod.kill()]);
    lock.release();
    for (const name of readdirSync(folder.root)) {
      const path = join(folder.root, name);
      if (!(keepsLogs && path === folder.logs)) rmSync(path, { recursive: true, force: true });
    }
    if (keepsLogs) process.stderr.write(`chaos: the logs are in ${folder.logs}\n`);
    else rmSync(folder.root, { recursive: true, force: true });
  };
  try {
    await Promise.all([mongod.start(), temporal.start()]);
    services = await startServices(env);
    await Promise.all([api.start(), worker.start()]);
    return { mongod, temporal, api, worker, services, stop };
  } catch (error) {
    await stop(true);
    throw error;
  }
}
