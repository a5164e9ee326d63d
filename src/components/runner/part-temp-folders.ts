import fs, { type Dirent } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { CallScope } from './call-scope';
import { asShown, callOfTemp, ownPath } from './temp-of-call';
import { tempRoots } from './temp-roots';

type Callable = (this: unknown, ...values: unknown[]) => unknown;
type Target = Record<string, unknown>;

/** Functions that take one path; those of streams go by `open`, and `symlink` is refused to all. */
const OF_ONE = [
  'access appendFile chmod chown exists lchmod lchown lstat lutimes mkdir mkdtemp open openAsBlob opendir readdir',
  'readFile readlink realpath rm rmdir stat statfs truncate unlink unwatchFile utimes watch watchFile writeFile',
].flatMap((names) => names.split(' '));
const OF_TWO = ['copyFile', 'cp', 'link', 'rename'];
/** They answer with paths. */
const NAMING = /^(mkdir|mkdtemp|readdir|realpath)/;
/** They know a listener by itself: it must not be wrapped. */
const LISTENING = /^(un)?watch/;
/** The folder itself is the process's for them: names beside it, the working directory of all. */
const LEAVING_ROOT = /^(mkdtemp|chdir)/;

/**
 * Gives each call a temporary folder of its own: what the functions of `fs` are asked for in the folder of the process
 * lies in one of the call, by the same path. So the same code does not meet another customer's file of the same name.
 */
export function partTempFolders(): void {
  // Named before a call can change what names it.
  tempRoots();
  for (const [names, paths] of [
    [OF_ONE, 1],
    [OF_TWO, 2],
  ] as const)
    for (const name of names) {
      for (const key of [name, `${name}Sync`]) part(fs, key, paths);
      part(fs.promises, name, paths);
    }
  part(fs.realpath, 'native', 1, 'realpath');
  part(fs.realpathSync, 'native', 1, 'realpath');
  part(process, 'chdir', 1);
  // Modules written with `import` see the same.
  syncBuiltinESMExports();
}

function part(target: object, key: string, paths: 1 | 2, name = key): void {
  const original = (target as Target)[key] as Callable | undefined;
  // Not in every version of Node, nor on every system.
  if (original === undefined) return;
  const isNaming = NAMING.test(name);
  const parted: Callable = function (...values) {
    const call = callOfTemp();
    if (call === undefined || !mapPaths(call, values, paths, name))
      return Reflect.apply(original, this, values);
    const answer = isNaming ? (result: unknown) => shown(call, result) : same;
    const fail = (error: unknown): never => {
      throw blamed(call, error);
    };
    if (!LISTENING.test(name)) wrapCallback(call, values, answer);
    try {
      const result = Reflect.apply(original, this, values);
      return result instanceof Promise ? result.then(answer, fail) : answer(result);
    } catch (error) {
      return fail(error);
    }
  };
  // Its name, what `promisify` goes by, `native`.
  Object.defineProperties(parted, Object.getOwnPropertyDescriptors(original));
  (target as Target)[key] = parted;
}

/** Puts the call's own paths in the place of those that are given; says whether there was one. */
function mapPaths(call: CallScope, values: unknown[], paths: number, name: string): boolean {
  let isMapped = false;
  for (let at = 0; at < paths; at += 1) {
    const own = ownPath(call, values[at]);
    if (own === undefined || (own === call.tempFolder && LEAVING_ROOT.test(name))) continue;
    values[at] = own;
    isMapped = true;
  }
  return isMapped;
}

function wrapCallback(call: CallScope, values: unknown[], answer: (result: unknown) => unknown): void {
  const last = values.length - 1;
  const callback = values[last] as Callable | undefined;
  if (typeof callback !== 'function') return;
  values[last] = function (this: unknown, error: unknown, ...results: unknown[]): unknown {
    return Reflect.apply(callback, this, [blamed(call, error), ...results.map(answer)]);
  };
}

/** An error says the path that was given. */
function blamed(call: CallScope, error: unknown): unknown {
  if (error instanceof Error) showKeys(call, error, ['message', 'stack', 'path', 'dest']);
  return error;
}

function shown(call: CallScope, result: unknown): unknown {
  if (typeof result === 'string') return asShown(call, result);
  if (Array.isArray(result))
    for (const entry of result as (Dirent | string)[])
      if (typeof entry === 'object') showKeys(call, entry, ['parentPath', 'path']);
  return result;
}

function showKeys(call: CallScope, target: object, keys: string[]): void {
  for (const key of keys) {
    const value = Object.getOwnPropertyDescriptor(target, key)?.value as unknown;
    if (typeof value === 'string') (target as Target)[key] = asShown(call, value);
  }
}

function same(result: unknown): unknown {
  return result;
}
