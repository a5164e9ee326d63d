import type { UnzipFileInfo, Unzipped, Zippable } from 'fflate';
import { lazy } from '../lazy';

const library = lazy<typeof import('fflate')>('fflate');

/** Archives beyond these limits are not unpacked. */
const MAX_ENTRIES = 10_000;
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The files of a zip archive by their paths, without folders. Throws for a damaged one, for an unknown compression
 * and for archives that would expand beyond the limits: nothing is expanded then.
 */
export function unpack(archive: Uint8Array): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [path, bytes] of Object.entries(expand(archive))) {
    files.set(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  return files;
}

/** A zip archive of files by their paths. */
export function pack(files: Iterable<readonly [string, Uint8Array]>): Buffer {
  const entries: Zippable = Object.fromEntries(files);
  return Buffer.from(library().zipSync(entries, { level: 6 }));
}

function expand(archive: Uint8Array): Unzipped {
  const { unzipSync } = library();
  try {
    // First what the directory announces: nothing is expanded of an archive beyond the limits.
    unzipSync(archive, { filter: admission() });
    return unzipSync(archive, { filter: ({ name }) => !name.endsWith('/') });
  } catch (error) {
    if (error instanceof LimitError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Zip File Data cannot be unpacked: ${reason}.`);
  }
}

class LimitError extends Error {}

/** Counts entries and their sizes, which bind the expansion whatever the data holds; admits none. */
function admission(): (file: UnzipFileInfo) => boolean {
  let entries = 0;
  let bytes = 0;
  return ({ name, originalSize, size }) => {
    entries += 1;
    bytes += Math.max(originalSize, size);
    if (entries > MAX_ENTRIES) throw new LimitError(`Zip File Data holds more than ${MAX_ENTRIES} files.`);
    if (bytes > MAX_BYTES) {
      throw new LimitError(`Zip File Data expands to more than ${MAX_BYTES / 1024 / 1024} MB.`);
    }
    if (name === '__proto__') throw new LimitError('Zip File Data holds a file named "__proto__".');
    return false;
  };
}
