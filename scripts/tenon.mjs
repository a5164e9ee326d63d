// `npm run tenon`: installs and builds what is missing, then runs the command line of src/cli in this process.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build.mjs';
import { withCheckoutLock } from './checkout-lock.mjs';
import { installDependencies } from './install.mjs';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');

withCheckoutLock(checkout, async () => {
  await installDependencies(checkout);
  await buildIfNeeded(checkout);
}).then(
  () => createRequire(import.meta.url)(join(checkout, 'dist', 'cli', 'main.js')),
  (error) => {
    process.stderr.write(`npm run tenon: ${error.message}\n`);
    process.exitCode = 2;
  },
);
