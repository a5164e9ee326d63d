import { chmodSync, mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the folders of packages are called in the system's temporary folder; the process's number follows. */
export const BUNDLE_FOLDER_PREFIX = 'tenon-bundles-';

/**
 * Makes a pool's folder of unpacked packages. Runners may read what is in it, and cannot list it: they read what
 * they were told of. Its path has no links.
 */
export function createBundleFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `${BUNDLE_FOLDER_PREFIX}${process.pid}-`)));
  chmodSync(path, 0o711);
  return path;
}

/** Removes it with all that is in it. */
export async function removeBundleFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}
