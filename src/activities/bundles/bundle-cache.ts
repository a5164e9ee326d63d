import { createHash, randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Semaphore } from 'async-mutex';
import { ENTRY_FILE, unpackPackage } from '../../components/package/unpack-package';
import { AppError } from '../../errors';

/** What is kept on disk. */
interface CacheLimits {
  packages: number;
  bytes: number;
  /** One that was of use so lately may be about to be loaded by a process, and stays while there is room. */
  inUseMs: number;
  /** So many times the packages and bytes are kept at most, whatever is in use. */
  most: number;
  /** One that was of use so lately stays in any case; others go when there is no room. */
  loadingMs: number;
}

const LIMITS: CacheLimits = {
  packages: 200,
  bytes: 2 * 1024 ** 3,
  inUseMs: 30 * 60_000,
  most: 2,
  loadingMs: 5 * 60_000,
};
/** Each holds a package in memory. */
const unpacking = new Semaphore(2);

interface Kept {
  path: Promise<string>;
  /** Zero until it is unpacked. */
  bytes: number;
  usedAt: number;
}

/** Packages unpacked into one folder, each once, by its signature. */
export class BundleCache {
  readonly #folder: string;
  readonly #read: (signature: string) => Promise<Buffer>;
  readonly #limits: CacheLimits;
  /** The one that was of no use for longest is first. */
  readonly #kept = new Map<string, Kept>();

  /** `read` gives the zip file of a signature. */
  constructor(folder: string, read: (signature: string) => Promise<Buffer>, limits: CacheLimits = LIMITS) {
    this.#folder = folder;
    this.#read = read;
    this.#limits = limits;
  }

  /**
   * The file that a package's code begins with. Throws when there is no such package, or when it is another one;
   * `limit_exceeded` when so many are in use that there is no room for it.
   */
  path(signature: string): Promise<string> {
    const kept = this.#kept.get(signature) ?? this.#begin(signature);
    this.#kept.delete(signature);
    kept.usedAt = performance.now();
    this.#kept.set(signature, kept);
    return kept.path;
  }

  #begin(signature: string): Kept {
    const kept: Kept = { path: Promise.resolve(''), bytes: 0, usedAt: 0 };
    kept.path = unpacking.runExclusive(async () => {
      this.#requireRoom();
      kept.bytes = await this.#unpack(signature);
      return join(this.#folder, signature, ENTRY_FILE);
    });
    kept.path.then(
      () => this.#makeRoom(),
      () => this.#kept.delete(signature),
    );
    return kept;
  }

  async #unpack(signature: string): Promise<number> {
    if (!/^[0-9a-f]{40}$/.test(signature)) throw new Error(`"${signature}" is no signature of a package.`);
    const zip = await this.#read(signature);
    const found = createHash('sha1').update(zip).digest('hex');
    if (found !== signature)
      throw new Error(
        `The package with the signature ${signature} was changed: what is stored has ${found}.`,
      );
    const fresh = join(this.#folder, `.new-${randomBytes(8).toString('hex')}`);
    try {
      await unpackPackage(zip, fresh);
      const bytes = await makeReadable(fresh);
      // In place when it is whole; it cannot be there yet, since each signature is unpacked once at a time.
      await rename(fresh, join(this.#folder, signature));
      return bytes;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  #makeRoom(): void {
    const { packages, bytes, inUseMs } = this.#limits;
    this.#evict(packages, bytes, inUseMs);
  }

  #requireRoom(): void {
    const { packages, bytes, most, loadingMs } = this.#limits;
    const room = this.#evict(most * packages, most * bytes, loadingMs);
    if (room.packages >= 0 && room.bytes > 0) return;
    throw new AppError(
      'limit_exceeded',
      `This worker has ${this.#kept.size - 1} packages of components in use, and no room for one more: try again later, or run more workers.`,
    );
  }

  /** Removes those that were of no use for so long while there are too many; answers the room that is left. */
  #evict(packages: number, most: number, idleMs: number): { packages: number; bytes: number } {
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    const before = performance.now() - idleMs;
    const room = () => ({ packages: packages - this.#kept.size, bytes: most - bytes });
    for (const [signature, kept] of this.#kept) {
      const { packages: free, bytes: freeBytes } = room();
      if ((free >= 0 && freeBytes >= 0) || kept.usedAt > before) break;
      this.#kept.delete(signature);
      bytes -= kept.bytes;
      const old = join(this.#folder, `.old-${randomBytes(8).toString('hex')}`);
      rename(join(this.#folder, signature), old)
        .then(() => rm(old, { recursive: true, force: true }))
        .catch(() => {});
    }
    return room();
  }
}

/** Runners have users of their own, and the worker may create files for its own alone; answers the files' bytes. */
async function makeReadable(folder: string): Promise<number> {
  await chmod(folder, 0o755);
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() ? 0o755 : 0o644);
    if (entry.isFile()) bytes += (await stat(path)).size;
  }
  return bytes;
}
