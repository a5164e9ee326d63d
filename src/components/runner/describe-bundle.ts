import type { ChildProcess } from 'node:child_process';
import { chmodSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { Semaphore } from 'async-mutex';
import { extractManifest } from '../extract-manifest';
import type { ComponentManifest } from '../manifest';
import { confinementFor, seenPath } from './confinement';
import { deathOf, errorLine, outOfMemory } from './death';
import { describeEntry } from './entry';
import { memoryOfTree } from './memory-of-tree';
import { spawnRunner } from './spawn-runner';

/** What a bundle says of itself. */
export interface DescribedBundle {
  manifest: ComponentManifest;
  /** The definition that a code-native integration's bundle brings; its component key is the manifest's. */
  codeNativeIntegrationYAML?: string;
  publishingMetadata?: { flowsWithCustomerRequiredAPIKeys: { name: string; testApiKeys: string[] }[] };
}

/** The package is at fault; the message says why, for its publisher. */
export class BundleError extends Error {
  readonly isBundleError = true;
}

/** What the process answers. */
export type DescribeAnswer = { ok: true; component: unknown } | { ok: false; reason: string };

export interface DescribeOptions {
  /** Whether the component counts as public; default: no. */
  isPublic?: boolean;
  /** Longest time for starting the process and loading. */
  timeoutMs?: number;
  /** Heap limit of the process; altogether it may take twice as much and 256 MB, where the system tells. */
  memoryMb?: number;
  /** `none` leaves the process the user and the file system of this one. */
  confinement?: 'auto' | 'none';
}

/** Apart from those of runners, so that none can reach the other's processes. */
const FIRST_UID = 62_300;
const LARGEST_MANIFEST_BYTES = 8 * 1024 * 1024;
const READ_MEMORY_EVERY_MS = 100;
/** Each takes a processor for a second and 100 MB. */
const places = new Semaphore(2);

/**
 * Loads a bundle's file in a process of its own that can read nothing but the bundle's folder and the program,
 * has no network, and ends behind it. The folder is made readable for the process's user. Throws a
 * {@link BundleError} when the bundle is at fault.
 */
export async function describeBundle(path: string, options: DescribeOptions = {}): Promise<DescribedBundle> {
  const answer = await places.runExclusive(() => askProcess(realpathSync(path), options));
  if (!answer.ok) throw new BundleError(`The package's code could not be loaded: ${answer.reason}`);
  try {
    return read(answer.component, options.isPublic ?? false);
  } catch (error) {
    throw new BundleError(error instanceof Error ? error.message : String(error));
  }
}

function read(component: unknown, isPublic: boolean): DescribedBundle {
  const manifest = extractManifest(component, { isPublic });
  if (JSON.stringify(manifest).length > LARGEST_MANIFEST_BYTES)
    throw new Error('What the component says of itself is larger than 8 MB.');
  const { codeNativeIntegrationYAML: yaml, publishingMetadata } = component as Record<string, unknown>;
  if (typeof yaml !== 'string') return { manifest };
  const flows = (publishingMetadata as { flowsWithCustomerRequiredAPIKeys?: unknown } | undefined)
    ?.flowsWithCustomerRequiredAPIKeys;
  return {
    manifest,
    codeNativeIntegrationYAML: yaml,
    publishingMetadata: {
      flowsWithCustomerRequiredAPIKeys: (Array.isArray(flows) ? flows : []).map(readKeys),
    },
  };
}

function readKeys(flow: unknown): { name: string; testApiKeys: string[] } {
  const { name, testApiKeys } = (flow ?? {}) as { name?: unknown; testApiKeys?: unknown };
  const keys: unknown[] = Array.isArray(testApiKeys) ? testApiKeys : [];
  return { name: String(name), testApiKeys: keys.filter((key): key is string => typeof key === 'string') };
}

const RUNNER = 'the runner process';
const ITS = 'its process';

async function askProcess(path: string, options: DescribeOptions): Promise<DescribeAnswer> {
  const { timeoutMs = 20_000, memoryMb = 256, confinement = 'auto' } = options;
  const folder = dirname(path);
  // Temporary folders are their owner's alone, and the process has another user.
  chmodSync(folder, 0o755);
  const wish = {
    entry: describeEntry(),
    readPaths: [],
    bundleFolder: folder,
    uid: FIRST_UID,
    mode: confinement,
  };
  const place = { wish, confinement: confinementFor(wish) };
  const spawned = spawnRunner(place, memoryMb);
  const timer = setTimeout(() => spawned.child.kill('SIGKILL'), timeoutMs);
  try {
    const answer = answerOf(spawned.child, { timeoutMs, memoryMb });
    // A process that ended already says so by its end.
    spawned.child.send({ path: seenPath(path, place.confinement, wish) }, () => {});
    return await answer;
  } finally {
    clearTimeout(timer);
    spawned.child.kill('SIGKILL');
    spawned.starts.close();
    spawned.lines.close();
    void spawned.folder.remove();
  }
}

function answerOf(
  child: ChildProcess,
  limits: { timeoutMs: number; memoryMb: number },
): Promise<DescribeAnswer> {
  const startedAt = performance.now();
  let stderr = '';
  let isTooLarge = false;
  // Bytes outside of the heap do not count for the limit of the heap.
  const most = (2 * limits.memoryMb + 256) * 2 ** 20;
  const reading = setInterval(() => {
    isTooLarge ||= child.pid !== undefined && memoryOfTree(child.pid) > most;
    if (isTooLarge) child.kill('SIGKILL');
  }, READ_MEMORY_EVERY_MS);
  child.once('close', () => clearInterval(reading));
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-8192);
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as DescribeAnswer));
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      if (performance.now() - startedAt >= limits.timeoutMs) {
        resolve({ ok: false, reason: `it did not finish loading within ${limits.timeoutMs} ms` });
        return;
      }
      if (isTooLarge) {
        resolve({ ok: false, reason: outOfMemory(limits.memoryMb).reason.replace(RUNNER, ITS) });
        return;
      }
      const { code, reason } = deathOf({ exitCode, signal, stderr, memoryMb: limits.memoryMb });
      const printed = code === 'exited' && exitCode !== 0 ? errorLine(stderr) : '';
      const tail = printed === '' ? '' : ` (${printed})`;
      resolve({ ok: false, reason: reason.replace(RUNNER, ITS) + tail });
    });
  });
}
