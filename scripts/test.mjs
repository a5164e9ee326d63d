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

const folder = mkdtempSync(join(tmpdir(), 'tenon-count-'));
const countFile = join(folder, 'count');
const select = kinds.length > 0 ? ['--selectProjects', ...kinds] : [];
const jest = ['node_modules/jest/bin/jest.js', '--maxWorkers=2', '--forceExit', ...select, ...rest];
const status = run(process.execPath, jest, { ...process.env, TENON_TEST_COUNT_FILE: countFile });
process.stdout.write(existsSync(countFile) ? `${readFileSync(countFile, 'utf8')}\n` : '0 passed, 1 failed\n');
rmSync(folder, { recursive: true, force: true });
process.exit(status);
