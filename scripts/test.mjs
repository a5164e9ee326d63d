// `npm test [-- kind … | jest arguments]`: installs and builds what is missing, then runs the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install.mjs';
import { watchStandstill } from './standstill.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const KINDS = ['unit', 'workflow', 'replay', 'integration', 'compat', 'e2e'];

function run(command, args, env = process.env) {
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  return status ?? (signal ? 130 : 1);
}

function need(command, args) {
  const status = run(command, args);
  if (status !== 0) process.exit(status);
}

const kinds = process.argv.slice(2).filter((word) => KINDS.includes(word));
const rest = process.argv.slice(2).filter((word) => !KINDS.includes(word));
await installDependencies(root);
// Several kinds run built code: the runner processes, the workflow bundle.
need(process.execPath, ['scripts/build.mjs']);

const wanted = kinds.length > 0 ? kinds : KINDS;
const folder = mkdtempSync(join(tmpdir(), 'tenon-count-'));
/** More files than this that fail are no accident of a busy machine. */
const MOST_TRIED_AGAIN = 4;
/** For so long no machine that runs only these tests lets a thread wait that has nothing to do but wake up. */
const STANDSTILL_MS = 2000;

/** One seed for all tests that choose at random, so that a second try chooses the same. Each prints its own. */
const seed = String(Date.now() % 1_000_000);
const SEEDS = { TENON_CHAOS_SEED: seed, TENON_PLANS_SEED: seed, TENON_SIGNALLED_SEED: seed };

/** Runs the tests of some kinds, or some of their files; gives how Jest ended and what each file counts for. */
function jest(selected, workers, files = []) {
  const countFile = join(folder, 'count.json');
  rmSync(countFile, { force: true });
  const command = ['node_modules/jest/bin/jest.js', `--maxWorkers=${workers}`, '--forceExit'];
  // Arguments may name tests of other kinds.
  if (rest.length > 0) command.push('--passWithNoTests');
  for (const file of files) command.push(`--testPathPatterns=${file.replace(/[^\w/-]/g, '\\$&')}$`);
  const status = run(process.execPath, [...command, '--selectProjects', ...selected, ...rest], {
    ...SEEDS,
    ...process.env,
    TENON_TEST_COUNT_FILE: countFile,
  });
  const isCounted = existsSync(countFile);
  const counts = isCounted ? JSON.parse(readFileSync(countFile, 'utf8')) : [];
  const isNothing = rest.length > 0 && status === 0;
  return { status, counts: isCounted || isNothing ? counts : [{ file: '', passed: 0, failed: 1 }] };
}

/**
 * Runs the tests of some kinds, and once more, one after the other, the few files that failed if `excuse` gives for them a
 * reason why they may have failed through no fault of the product. What fails then too has failed, and what does not
 * is named. Files that were asked for by name are run once.
 */
function jestTwice(selected, workers, excuse) {
  if (selected.length === 0) return { status: 0, counts: [] };
  const first = jest(selected, workers);
  const files = first.counts.filter(({ failed }) => failed > 0).map(({ file }) => file);
  const isFew = files.length > 0 && files.length <= MOST_TRIED_AGAIN && !files.includes('');
  const reason = isFew && rest.length === 0 && excuse(files);
  if (!reason) return first;
  process.stdout.write(
    `\n${reason}. Once more, one after the other:\n${files.map((file) => `  ${file}\n`).join('')}\n`,
  );
  const second = jest(selected, 1, files);
  const stillFail = second.counts.filter(({ failed }) => failed > 0).map(({ file }) => file);
  for (const file of files.filter((one) => !stillFail.includes(one)))
    process.stdout.write(`passed at the second try only: ${file}\n`);
  return {
    ...second,
    counts: [...first.counts.filter(({ file }) => !files.includes(file)), ...second.counts],
  };
}

const isAlone = (kind) => kind === 'e2e';
// Tests with real servers count seconds and megabytes, which the tests beside them can spoil.
const beside = jestTwice(
  wanted.filter((kind) => !isAlone(kind)),
  2,
  () => 'Other tests ran beside these',
);
// They kill processes and count seconds: nothing else may want the processor meanwhile. What is a proof by chance must hold
// each time: its first result counts, but that of a machine which stood still.
const standstill = await watchStandstill();
const alone = jestTwice(wanted.filter(isAlone), 1, (files) => {
  const ms = standstill.longestMs();
  if (ms >= STANDSTILL_MS) return `The machine stood still for ${ms} ms`;
  return !files.some((file) => file.includes('chaos')) && 'These count seconds';
});
const counts = [...beside.counts, ...alone.counts];
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
rmSync(folder, { recursive: true, force: true });
process.exit(beside.status || alone.status);
