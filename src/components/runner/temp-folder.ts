import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'tenon-runner-';
/** Of folders in which packages are checked: those are of use for seconds, whoever made them. */
export const CHECKED_PREFIX = 'tenon-package-';
/** Younger ones may belong to a worker whose processes we do not see, in another container. */
const STALE_MS = 10 * 60_000;

/** A folder on disk that belongs to one runner: `tmp` is its to write, `root` a place to mount on. */
export class TempFolder {
  readonly path: string;
  readonly tmp: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    this.tmp = join(this.path, 'tmp');
    mkdirSync(this.tmp, { mode: 0o700 });
    mkdirSync(join(this.path, 'root'));
  }

  /** Gives it to the user of the runner. */
  give(uid: number): void {
    chownSync(this.tmp, uid, uid);
    // Others may pass through, not list.
    chmodSync(this.path, 0o711);
  }

  async remove(): Promise<void> {
    const { path, tmp } = this;
    try {
      await rm(tmp, { recursive: true, force: true, maxRetries: 3 });
      // Empty here: what was mounted on it was so in a view of the runner's own.
      await rmdir(join(path, 'root'));
      await rmdir(path);
    } catch {
      // Left for the system's own cleaning of temporary folders.
    }
  }
}

/** Removes what workers left that were killed, and what servers left of packages that they checked. */
export async function removeLeftFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = Number(/^tenon-(?:runner|bundles)-(\d+)-/.exec(name)?.[1] ?? process.pid);
    if (!name.startsWith(CHECKED_PREFIX) && isAlive(pid)) continue;
    const path = join(tmpdir(), name);
    const isStale = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs > STALE_MS,
      () => false,
    );
    if (isStale) await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
