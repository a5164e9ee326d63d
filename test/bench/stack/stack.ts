import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataFolder, dataFolder, takeDataFolder } from '../../../src/dev/data-folder/data-folder';
import type { Supervision } from '../../../src/dev/processes/managed-process';
import { openProcessRegister } from '../../../src/dev/processes/process-register';
import type { Progress } from '../../../src/dev/progress';
import { type Servers, startServers } from '../../../src/dev/servers/servers';
import { type BenchProcess, startBenchProcess } from './child-process';

/** What both targets share for one run of the bench. */
export interface Stack {
  folder: DataFolder;
  servers: Servers;
  supervision: Supervision;
  /** Process ids by name, of whatever lives now. */
  pids: ReadonlyMap<string, number>;
  service: BenchProcess;
  serviceUrl: string;
  load: BenchProcess;
  /** Ends everything and removes its data; the logs stay when something failed. */
  stop(keepsLogs: boolean): Promise<void>;
}

const ANSWER_LIMIT_MS = 20_000;

/** Starts servers of its own, as `npm start` does, with the local service and the load generator beside them. */
export async function startStack(
  env: NodeJS.ProcessEnv,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stack> {
  const folder = dataFolder(mkdtempSync(join(tmpdir(), `tenon-bench-${process.pid}-`)));
  const lock = await takeDataFolder(folder, progress.note);
  const pids = new Map<string, number>();
  const supervision: Supervision = {
    register: namedRegister(folder, pids),
    note: progress.note,
    onGivingUp: (error) => progress.note(error.message),
  };
  const service = startBenchProcess('service', entryOf('service'), join(folder.logs, 'service.log'));
  const load = startBenchProcess('load', entryOf('load'), join(folder.logs, 'load.log'));
  pids.set('service', service.pid).set('load', load.pid);
  let servers: Servers | undefined;
  const stop = async (keepsLogs: boolean) => {
    await Promise.all([service.stop(), load.stop()]);
    await servers?.stop();
    lock.release();
    removeData(folder, keepsLogs);
    if (keepsLogs) progress.note(`The logs are in ${folder.logs}.`);
  };
  try {
    const serviceUrl = await service.ask<string>('listen', null, ANSWER_LIMIT_MS);
    servers = await startServers({ env: withoutServers(env), progress, signal, folder, supervision });
    return { folder, servers, supervision, pids, service, serviceUrl, load, stop };
  } catch (error) {
    await stop(true);
    throw error;
  }
}

/** Remembers which process is which, beside the list that a later start would end. */
function namedRegister(folder: DataFolder, pids: Map<string, number>): Supervision['register'] {
  const register = openProcessRegister(folder.processes);
  return {
    add(name, pid) {
      pids.set(name, pid);
      register.add(name, pid);
    },
    remove(pid) {
      for (const [name, known] of pids) if (known === pid) pids.delete(name);
      register.remove(pid);
    },
  };
}

function removeData({ root, logs }: DataFolder, keepsLogs: boolean): void {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (!(keepsLogs && path === logs)) rmSync(path, { recursive: true, force: true });
  }
  if (!keepsLogs) rmSync(root, { recursive: true, force: true });
}

/** The bench never loads servers that somebody else uses. */
function withoutServers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { TENON_MONGODB_URI: _, TENON_TEMPORAL_ADDRESS: __, ...rest } = env;
  return rest;
}

const entryOf = (name: string) => join(__dirname, '..', name, 'main.ts');
