import { createHash, randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Semaphore } from 'async-mutex';
import { ENTRY_FILE, unpackPackage } from '../../components/package/unpack-package';

/** What is kept on disk. */
interface CacheLimits {
  packages: number;
  bytes: number;
  /** One that was of use so lately may be about to be loaded by a process, and stays. */
  inUseMs: number;
}

const LIMITS: CacheLimits = { packages: 200, bytes: 2 * 1024 ** 3, inUseMs: 30 * 60_000 };
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

  /** The file that a package's code begins with. Throws when there is no such package, or when it is another one. */
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
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    const before = performance.now() - this.#limits.inUseMs;
    for (const [signature, kept] of this.#kept) {
      if (this.#kept.size <= this.#limits.packages && bytes <= this.#limits.bytes) return;
      if (kept.usedAt > before) return;
      this.#kept.delete(signature);
      bytes -= kept.bytes;
      const old = join(this.#folder, `.old-${randomBytes(8).toString('hex')}`);
      rename(join(this.#folder, signature), old)
        .then(() => rm(old, { recursive: true, force: true }))
        .catch(() => {});
    }
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
