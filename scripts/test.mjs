// `npm test [-- kind … | jest arguments]`: installs and builds what is missing, then runs the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install.mjs';

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
let status = 0;
let passed = 0;
let failed = 0;

/** Runs the tests of some kinds, and counts them. */
function jest(selected, workers) {
  if (selected.length === 0) return;
  const countFile = join(folder, selected[0]);
  const command = ['node_modules/jest/bin/jest.js', `--maxWorkers=${workers}`, '--forceExit'];
  // Arguments may name tests of other kinds.
  if (rest.length > 0) command.push('--passWithNoTests');
  const ended = run(process.execPath, [...command, '--selectProjects', ...selected, ...rest], {
    ...process.env,
    TENON_TEST_COUNT_FILE: countFile,
  });
  status ||= ended;
  const none = rest.length > 0 && ended === 0 ? ['0', '0'] : ['0', '1'];
  const [good, bad] = existsSync(countFile) ? readFileSync(countFile, 'utf8').match(/\d+/g) : none;
  passed += Number(good);
  failed += Number(bad);
}

const isAlone = (kind) => kind === 'e2e';
jest(
  wanted.filter((kind) => !isAlone(kind)),
  2,
);
// They kill processes and count seconds: nothing else may want the processor meanwhile.
jest(wanted.filter(isAlone), 1);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
rmSync(folder, { recursive: true, force: true });
process.exit(status);
