import { constants, existsSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_FOLDER = '/dev/shm';

/**
 * Opens a file that a process and its parent share, and gives its descriptor. It lies in memory, and nobody else finds it:
 * its name, which no other may have meanwhile, is taken away at once.
 */
export function openMemoryFile(name: string): number {
  const folder = existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir();
  const path = join(folder, `tenon-${process.pid}-${name}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return fd;
}

/** Another descriptor of the file, by which it can be written and not read; the same one where the system has no such way. */
export function writeOnly(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY);
  } catch {
    return fd;
  }
}
