import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// As they are before calls get folders of their own.
const { mkdtempSync, realpathSync } = fs;

const roots: string[] = [];

/** Folders that count as the temporary folder of the process: the first that fits; its own name is the last. */
export function tempRoots(): readonly string[] {
  if (roots.length > 0) return roots;
  const root = tmpdir();
  roots.push(root);
  try {
    const real = realpathSync(root);
    if (real !== root) roots.unshift(real);
  } catch {
    // Refused by Node's permission model, as said below: the name that it was given has no links.
  }
  return roots;
}

/**
 * Makes a folder the working directory, or else a new one in it, and gives its path. Node 20 refuses the way into a
 * folder that may be read when a path below it is named as well, such as `/tmp` where the program or a file of certificates
 * lies below `/tmp`. Throws where neither is possible.
 */
export function goTo(folder: string): string {
  try {
    process.chdir(folder);
    return folder;
  } catch {
    const inside = mkdtempSync(join(folder, 'calls-'));
    process.chdir(inside);
    // What calls write beside them is temporary there, too.
    if (tempRoots().includes(folder)) roots.unshift(inside);
    return inside;
  }
}
