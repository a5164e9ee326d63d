import { chmodSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The process's number follows; {@link removeLeftFolders} goes by it. */
const BUNDLE_FOLDER_PREFIX = 'tenon-bundles-';

/**
 * Makes a pool's folder of unpacked packages. Runners may read what is in it, and cannot list it: they read what
 * they were told of. Its path has no links.
 */
export function createBundleFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${BUNDLE_FOLDER_PREFIX}${process.pid}-`)));
  chmodSync(path, 0o711);
  // What kind of module a package's code is, it says itself or its syntax does, whatever lies in the folders above.
  writeFileSync(join(path, 'package.json'), '{}', { mode: 0o644 });
  return path;
}

/** Removes it with all that is in it. */
export async function removeBundleFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}
