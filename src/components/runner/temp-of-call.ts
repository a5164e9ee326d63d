import fs from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CallScope, currentCall } from './call-scope';
import { goTo, tempRoots } from './temp-roots';

// As they are before calls get folders of their own.
const { existsSync, mkdirSync, renameSync } = fs;
const { rm } = fs.promises;

const nameOf = ({ id }: CallScope): string => `call-${id}.own`;

/** The call whose temporary files the present code makes; none while a bundle loads: those stay for all of its calls. */
export function callOfTemp(): CallScope | undefined {
  const call = currentCall();
  return call?.isLoading ? undefined : call;
}

/**
 * Where a path (text, bytes or URL) of the process's temporary folder lies for a call: in a folder that is the call's
 * alone, and is made when it is first asked for. Undefined for other paths, and for what lies in the shared folder
 * already, since code made it while it loaded.
 */
export function ownPath(call: CallScope, path: unknown): string | undefined {
  const text = textOf(path);
  if (text === undefined) return undefined;
  const full = resolve(text);
  const root = tempRoots().find((each) => isIn(each, full));
  if (root === undefined) return undefined;
  const below = relative(root, full);
  const [first = ''] = below.split('/');
  if (first !== '' && existsSync(join(root, first))) return undefined;
  // `mkdtemp` adds to it.
  const end = text.endsWith('/') ? '/' : '';
  return join(folderOf(call), below) + end;
}

/** A text that names paths of a call's folder, as the call knows them. */
export function asShown(call: CallScope, text: string): string {
  return text.replaceAll(`/${nameOf(call)}`, '');
}

/** The call has ended: its folder goes, at once for its own code, and no other is made for it. */
export function endTemp(call: CallScope): void {
  call.hasEnded = true;
  const { tempFolder } = call;
  if (tempFolder === undefined) return;
  let left = tempFolder;
  try {
    if (process.cwd().includes(`/${nameOf(call)}`)) goTo(tempRoots().at(-1)!);
    renameSync(tempFolder, `${tempFolder}.left`);
    left += '.left';
  } catch {
    // The call itself has removed it, or somebody the working directory.
  }
  rm(left, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}

function folderOf(call: CallScope): string {
  const folder = join(tempRoots().at(-1)!, nameOf(call));
  if (call.tempFolder !== undefined) return folder;
  call.tempFolder = folder;
  if (call.hasEnded) return folder;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // What was asked for fails in it.
  }
  return folder;
}

function textOf(path: unknown): string | undefined {
  if (typeof path === 'string') return path;
  if (path instanceof Uint8Array) return Buffer.from(path).toString('utf8');
  if (!(path instanceof URL)) return undefined;
  try {
    return fileURLToPath(path);
  } catch {
    return undefined;
  }
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
