import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DevError, reasonOf } from '../dev-error';
import { waitForLock } from '../processes/pid-lock';
import { processIdentity } from '../processes/process-identity';
import type { Progress } from '../progress';

/** What finding a program needs of its surroundings. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  progress: Progress;
  /** Interrupts downloads and compilers. */
  signal: AbortSignal;
}

/** One way to get a program. */
export interface BinarySource {
  /** For people: "official download". */
  name: string;
  /** Name of its folder in the cache; holds the version, so that a new pin is a new folder. */
  cacheKey: string;
  /** Puts the program at `target`, using `scratch` as it likes. Throws one line that says why it cannot. */
  fetch(target: string, scratch: string, around: Surroundings): Promise<void>;
}

/** A program that Tenon needs and how to come by it. */
export interface BinaryKind {
  label: string;
  command: string;
  variable: string;
  /** Answers its version, or throws one line that says what is wrong with it. */
  check(path: string, around: Surroundings): Promise<string>;
  sources: BinarySource[];
}

/**
 * Finds a program: named in the environment, on the PATH, in the cache, or from each source in turn. Every try
 * that fails says why in one line. A program that the environment names is used or is an error.
 */
export async function findBinary(kind: BinaryKind, around: Surroundings): Promise<string> {
  const named = around.env[kind.variable];
  if (named !== undefined && named !== '') {
    await kind.check(named, around).catch((error: unknown) => {
      throw new DevError(`${kind.variable} names ${named}, which cannot be used: ${reasonOf(error)}.`);
    });
    return named;
  }
  const onPath = await findOnPath(kind, around);
  if (onPath !== undefined) return onPath;
  const cache = cacheFolder(around.env);
  for (const source of kind.sources) {
    const cached = join(cache, source.cacheKey, kind.command);
    if (isExecutable(cached) && (await passes(kind, cached, 'cache', around))) return cached;
  }
  return await fetchFirst(kind, cache, around);
}

/** `$TENON_CACHE_DIR`, else the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env['TENON_CACHE_DIR']) return env['TENON_CACHE_DIR'];
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'tenon');
}

async function fetchFirst(kind: BinaryKind, cache: string, around: Surroundings): Promise<string> {
  mkdirSync(cache, { recursive: true });
  // Two starts at once must not compile the same program twice.
  const lock = await waitForLock(join(cache, `${kind.command}.lock`), (pid) =>
    around.progress.note(`${kind.label}: process ${pid} is getting it; waiting.`),
  );
  try {
    sweepScratch(cache);
    for (const source of kind.sources) {
      const target = join(cache, source.cacheKey, kind.command);
      // The one waited for may have brought it.
      if (isExecutable(target)) return target;
      if (await fetchFrom(kind, source, cache, target, around)) return target;
      around.signal.throwIfAborted();
    }
  } finally {
    lock.release();
  }
  throw new DevError(
    `${kind.label} could not be found or fetched (each try is listed above); install it, or name the program in ${kind.variable}.`,
  );
}

async function fetchFrom(
  kind: BinaryKind,
  source: BinarySource,
  cache: string,
  target: string,
  around: Surroundings,
): Promise<boolean> {
  const scratch = mkdtempSync(join(cache, `tmp-${process.pid}-`));
  const fetched = join(scratch, kind.command);
  try {
    await source.fetch(fetched, scratch, around);
    const version = await kind.check(fetched, around);
    mkdirSync(join(cache, source.cacheKey), { recursive: true });
    renameSync(fetched, target);
    around.progress.note(
      `${kind.label} ${version} from ${source.name}, kept in ${join(cache, source.cacheKey)}.`,
    );
    return true;
  } catch (error) {
    around.progress.note(`${kind.label} from ${source.name}: ${reasonOf(error)}`);
    return false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function findOnPath(kind: BinaryKind, around: Surroundings): Promise<string | undefined> {
  for (const folder of (around.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, kind.command);
    if (folder !== '' && isExecutable(path) && (await passes(kind, path, path, around))) return path;
  }
  return undefined;
}

async function passes(kind: BinaryKind, path: string, where: string, around: Surroundings): Promise<boolean> {
  try {
    await kind.check(path, around);
    return true;
  } catch (error) {
    around.progress.note(`${kind.label} from ${where}: ${reasonOf(error)}`);
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes what starts that were killed have left. */
function sweepScratch(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /^tmp-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && processIdentity(Number(pid)) === undefined) {
      rmSync(join(cache, name), { recursive: true, force: true });
    }
  }
}
