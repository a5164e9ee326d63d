import { accessSync, constants, existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DevError, reasonOf } from '../dev-error';
import { type PidLock, tryLock } from '../processes/pid-lock';
import { endStaleProcesses } from '../processes/process-register';

/** Paths of everything that one running copy keeps. */
export interface DataFolder {
  root: string;
  mongodb: string;
  mongodbKey: string;
  temporalDb: string;
  logs: string;
  secrets: string;
  ports: string;
  processes: string;
  demo: string;
}

export function dataFolder(root: string): DataFolder {
  return {
    root,
    mongodb: join(root, 'mongodb'),
    mongodbKey: join(root, 'mongodb.key'),
    temporalDb: join(root, 'temporal.db'),
    logs: join(root, 'logs'),
    secrets: join(root, 'secrets.json'),
    ports: join(root, 'ports.json'),
    processes: join(root, 'processes.json'),
    demo: join(root, 'demo.json'),
  };
}

/**
 * Makes the folder and takes it for this process. Ends what a run that was killed has left running. Throws when
 * a copy is running on it. A folder that was made here and holds nothing of worth goes with the lock's release.
 */
export async function takeDataFolder(folder: DataFolder, note: (text: string) => void): Promise<PidLock> {
  const isNew = !existsSync(folder.root);
  try {
    mkdirSync(folder.logs, { recursive: true, mode: 0o700 });
    mkdirSync(folder.mongodb, { recursive: true, mode: 0o700 });
    accessSync(folder.root, constants.W_OK);
  } catch (error) {
    throw new DevError(`The data folder ${folder.root} cannot be used: ${reasonOf(error)}.`);
  }
  const lock = await tryLock(join(folder.root, 'lock'));
  if ('heldBy' in lock) {
    throw new DevError(
      `The data folder ${folder.root} belongs to a running copy (process ${lock.heldBy}); stop it, or choose another folder with --data.`,
    );
  }
  const ended = await endStaleProcesses(folder.processes);
  if (ended.length > 0) note(`Ended what an earlier run had left: ${ended.join(', ')}.`);
  if (!isNew) return lock;
  return {
    release() {
      lock.release();
      removeUnused(folder);
    },
  };
}

/** Data come with the secrets that seal them, so that without these there are none. */
function removeUnused(folder: DataFolder): void {
  if (existsSync(folder.secrets)) return;
  try {
    for (const file of [folder.ports, folder.processes]) rmSync(file, { force: true });
    for (const empty of [folder.logs, folder.mongodb, folder.root]) rmdirSync(empty);
  } catch {
    // It holds something else, which stays.
  }
}
