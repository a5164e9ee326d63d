import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { entrySegments } from './entry-path';
import { PackageError } from './package-error';
import { PACKAGE_LIMITS, type PackageLimits } from './package-limits';

/** The file that a package's code begins with, at its root. */
export const ENTRY_FILE = 'index.js';

/** Of Unix file modes: what kind of file it is. */
const FILE_KIND = 0o170_000;
const REGULAR = 0o100_000;
const FOLDER = 0o040_000;

/**
 * Unpacks a package into an empty folder and answers where its code begins. Throws a {@link PackageError} for
 * anything that is no proper package: not a zip, too many entries, too large when unpacked, a path that leads
 * out of the folder, a link, a file twice, no `index.js` at the root. What was written until then stays for the
 * caller to remove.
 */
export async function unpackPackage(
  zip: Buffer,
  folder: string,
  limits: PackageLimits = PACKAGE_LIMITS,
): Promise<{ entry: string }> {
  const file = await fromBufferPromise(zip).catch(notReadable);
  try {
    await unpackEntries(file, folder, limits).catch(notReadable);
  } finally {
    file.close();
  }
  return { entry: join(folder, ENTRY_FILE) };
}

/** What the zip reader or the file system found wrong, as words for the publisher. */
function notReadable(error: unknown): never {
  if (error instanceof PackageError) throw error;
  const { syscall, message } = error as NodeJS.ErrnoException;
  // The machine's fault, such as a full disk.
  if (syscall !== undefined) throw error;
  throw new PackageError(`The package is no readable zip file: ${message}`, { cause: error });
}

async function unpackEntries(file: ZipFile, folder: string, limits: PackageLimits): Promise<void> {
  if (file.entryCount > limits.entries) throw tooMany(limits);
  const known = new Map<string, 'file' | 'folder'>();
  const room = { left: limits.expandedBytes };
  for await (const entry of file.eachEntry()) {
    const isFolder = entry.fileName.endsWith('/');
    const segments = entrySegments(entry.fileName, limits.pathLength);
    refuseSpecial(entry, isFolder);
    remember(known, segments, isFolder);
    // Folders that are only named by the paths of their files count as well.
    if (known.size > limits.entries) throw tooMany(limits);
    if (entry.uncompressedSize > room.left) throw tooLarge(limits);
    const path = join(folder, ...segments);
    await mkdir(isFolder ? path : dirname(path), { recursive: true });
    if (isFolder) continue;
    const content = await file.openReadStreamPromise(entry);
    await pipeline(content, counted(room, limits), createWriteStream(path, { flags: 'wx', mode: 0o644 }));
  }
  if (known.get(ENTRY_FILE) !== 'file')
    throw new PackageError(`The package has no ${ENTRY_FILE} at its root, where its code must begin.`);
}

/** Refuses what is neither a file nor a folder, and what cannot be read. */
function refuseSpecial(entry: Entry, isFolder: boolean): void {
  const name = JSON.stringify(entry.fileName.slice(0, 100));
  const kind = (entry.externalFileAttributes >>> 16) & FILE_KIND;
  // Zips that were not made on Unix say nothing of the kind.
  if (kind !== 0 && kind !== (isFolder ? FOLDER : REGULAR))
    throw new PackageError(`The entry ${name} is a link or another special file; only files are taken.`);
  if (entry.isEncrypted()) throw new PackageError(`The entry ${name} is encrypted.`);
}

/** Notes an entry with the folders above it. Throws when the path is taken, or leads through a file. */
function remember(known: Map<string, 'file' | 'folder'>, segments: string[], isFolder: boolean): void {
  const path = segments.join('/');
  for (let depth = 1; depth < segments.length; depth += 1) {
    const above = segments.slice(0, depth).join('/');
    if (known.get(above) === 'file') throw twice(above);
    known.set(above, 'folder');
  }
  const before = known.get(path);
  if (before !== undefined && !(isFolder && before === 'folder')) throw twice(path);
  known.set(path, isFolder ? 'folder' : 'file');
}

/** Takes the bytes that pass from what is left for the whole package. */
function counted(room: { left: number }, limits: PackageLimits): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      room.left -= chunk.length;
      if (room.left < 0) done(tooLarge(limits));
      else done(null, chunk);
    },
  });
}

const twice = (path: string) =>
  new PackageError(`The package holds ${JSON.stringify(path.slice(0, 100))} twice.`);

const tooMany = ({ entries }: PackageLimits) =>
  new PackageError(`The package has more than ${entries} entries.`);

const tooLarge = ({ expandedBytes }: PackageLimits) =>
  new PackageError(`The package is larger than ${Math.round(expandedBytes / 1_048_576)} MB when unpacked.`);
