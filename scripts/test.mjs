// `npm test [-- kind … | jest arguments]`: installs and builds what is missing, then runs the tests.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const KINDS = ['unit', 'workflow', 'replay', 'integration', 'compat', 'e2e'];

function run(command, args) {
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? (signal ? 130 : 1));
}

const kinds = process.argv.slice(2).filter((word) => KINDS.includes(word));
const rest = process.argv.slice(2).filter((word) => !KINDS.includes(word));
if (!existsSync(`${root}/node_modules/jest`)) run('npm', ['ci', '--no-audit', '--no-fund']);
if (kinds.length === 0 || kinds.some((kind) => kind !== 'unit')) run(process.execPath, ['scripts/build.mjs']);
const select = kinds.length > 0 ? ['--selectProjects', ...kinds] : [];
run(process.execPath, ['node_modules/jest/bin/jest.js', '--maxWorkers=2', ...select, ...rest]);
