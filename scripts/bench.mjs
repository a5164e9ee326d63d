// `npm run bench [-- work … --json FILE]`: installs and builds what is missing, then measures.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';
import { withCheckoutLock } from './checkout-lock.mjs';
import { installDependencies } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

await withCheckoutLock(root, async () => {
  await installDependencies(root);
  await buildIfNeeded(root);
});
const entry = join(root, 'test', 'bench', 'main.ts');
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cjs', 'index.cjs');
const child = spawn(process.execPath, ['--require', tsx, entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// A terminal's Ctrl-C reaches the child by itself; other signals are sent to this process alone.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
