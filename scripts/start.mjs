// `npm start`. Plain Node.js without dependencies, since a fresh clone has none: installs, builds when needed,
// and hands over to the compiled program in this same process.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const PARENT_CHECK_MS = 500;

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');

async function main() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Error(
      `Node.js ${process.versions.node} is too old; install ${OLDEST_NODE.join('.')} or newer.`,
    );
  }
  const { withCheckoutLock } = await import('./checkout-lock.mjs');
  const { installDependencies } = await import('./install.mjs');
  const { buildIfNeeded } = await import('./build.mjs');
  await withCheckoutLock(checkout, async () => {
    await installDependencies(checkout);
    await buildIfNeeded(checkout);
  });
  const { start } = createRequire(import.meta.url)(join(checkout, 'dist', 'dev', 'start.js'));
  return await start({
    argv: process.argv.slice(2),
    env: process.env,
    checkout,
    stdout: process.stdout,
    stderr: process.stderr,
    exit: (code) => process.exit(code),
  });
}

/**
 * npm passes SIGINT and SIGTERM on, but one that was ended by force passes nothing: its end then counts as a
 * SIGTERM, which every phase of a start knows how to end on.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

// A closed pipe behind us must not leave servers running.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// What was written last must be out before the end.
const exit = (code) => process.stdout.write('', () => process.exit(code));

endWithNpm();
main().then(exit, (error) => {
  process.stderr.write(`npm start: ${error.message}\n`);
  exit(1);
});
