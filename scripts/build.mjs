// Compiles src to dist, bundles the workflows and copies what is not TypeScript. `npm run build` always builds;
// `npm start` builds when the sources have changed.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withCheckoutLock } from './checkout-lock.mjs';
import { showProgress } from './progress.mjs';
import { run } from './run.mjs';

const STAMP = '.build.json';

/** Builds when dist is missing or was made from other sources. */
export async function buildIfNeeded(checkout) {
  const fingerprint = fingerprintOf(checkout);
  if (readStamp(checkout) === fingerprint) return;
  await build(checkout, fingerprint);
}

/** Builds into a new folder and puts it in place when it is whole, so that a running copy never sees half of it. */
export async function build(checkout, fingerprint = fingerprintOf(checkout)) {
  const fresh = join(checkout, `dist.new-${process.pid}`);
  removeLeftovers(checkout);
  const done = showProgress('Building');
  try {
    await compile(checkout, fresh);
    copyAssets(join(checkout, 'src'), fresh);
    await bundleWorkflows(checkout, fresh);
    writeFileSync(join(fresh, STAMP), JSON.stringify({ fingerprint }));
    replace(join(checkout, 'dist'), fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    done();
  }
}

/** Each file by itself and without checking types, which takes ten times as long; `npm run typecheck` does that. */
async function compile(checkout, target) {
  const tsc = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = ['--noCheck', '--isolatedModules', '--pretty', 'false'];
  try {
    await run(process.execPath, [tsc, '-p', 'tsconfig.json', '--outDir', target, ...flags], {
      cwd: checkout,
    });
  } catch (error) {
    if (error.isInterrupted) throw error;
    process.stderr.write(`\n${error.said ?? ''}`);
    throw new Error(`The sources do not compile (tsc: ${error.message}).`, { cause: error });
  }
}

async function bundleWorkflows(checkout, target) {
  const require = createRequire(join(checkout, 'package.json'));
  const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');
  const { BUNDLE } = require(join(target, 'worker', 'workflow-source.js'));
  try {
    const { code } = await bundleWorkflowCode({ ...BUNDLE, logger: new DefaultLogger('ERROR') });
    writeFileSync(join(target, 'workflow-bundle.js'), code);
  } catch (error) {
    throw new Error(`The workflows could not be bundled: ${String(error.message).split('\n')[0]}`, {
      cause: error,
    });
  }
}

function copyAssets(source, target) {
  for (const file of filesBelow(source)) {
    if (file.endsWith('.ts')) continue;
    const copy = join(target, relative(source, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

/** Builds that were killed leave their folders. Only one build runs at a time in a checkout. */
function removeLeftovers(checkout) {
  for (const name of readdirSync(checkout)) {
    if (/^dist\.(new|old)-\d+$/.test(name)) rmSync(join(checkout, name), { recursive: true, force: true });
  }
}

function replace(dist, fresh) {
  const old = `${dist}.old-${process.pid}`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Names, sizes and times of everything that the build reads. */
function fingerprintOf(checkout) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  const files = [
    ...filesBelow(join(checkout, 'src')),
    ...['tsconfig.json', 'package-lock.json', 'scripts/build.mjs'].map((name) => join(checkout, name)),
  ];
  for (const file of files.sort((a, b) => (a < b ? -1 : 1))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(checkout, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

function readStamp(checkout) {
  try {
    return JSON.parse(readFileSync(join(checkout, 'dist', STAMP), 'utf8')).fingerprint;
  } catch {
    return undefined;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');
  withCheckoutLock(checkout, () => build(checkout)).catch((error) => {
    process.stderr.write(`npm run build: ${error.message}\n`);
    process.exitCode = 1;
  });
}
