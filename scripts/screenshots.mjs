// `npm run gen:screenshots`: makes the pictures of docs/guides anew, from a whole `npm start` in a folder of its own.
// Needs Chromium (see screenshots/web-ui.mjs). Look at them before you keep them; names and ids are new each time.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack } from './screenshots/stack.mjs';
import { openWebUi } from './screenshots/web-ui.mjs';

const LARGEST_BYTES = 150_000;

const checkout = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const folder = join(checkout, 'docs', 'guides', 'images');
mkdirSync(folder, { recursive: true });

const stack = await startStack(checkout);
let ui;
try {
  const { single, batch } = await someFailures(stack);
  ui = await openWebUi(stack, (name) => join(folder, `${name}.png`));
  await ui.signIn();
  const query = `ExecutionStatus = 'Failed' AND TenonCustomerIds = '${single.customerId}'`;
  await ui.shootList('failed-workflows', query);
  await ui.shootHistory('failed-execution', single.temporalUrl, `"Step '${single.error.stepName}' failed`);
  await ui.shootDetails('failed-execution-steps', single.temporalUrl, `failed: ${single.error.code}`);
  await ui.shootDetails('failed-batch', batch.temporalUrl, batch.id);
  for (const name of ui.pictures) report(name);
} finally {
  await ui?.close();
  await stack.stop();
}

/** One order with an empty line by itself, then a crowd with some; those that are taken together share a batch. */
async function someFailures({ deliver, ended }) {
  const single = await ended(await deliver('A-1002', { isBroken: true }));
  const orders = Array.from({ length: 40 }, (_, n) =>
    deliver(`A-${1010 + n}`, { isBroken: [7, 19, 31].includes(n) }),
  );
  const crowd = await Promise.all((await Promise.all(orders)).map(ended));
  const batch = crowd.find(({ status, workflowId }) => status === 'ERROR' && workflowId.startsWith('batch:'));
  if (!batch) throw new Error('No failed execution of the crowd came into a batch; run it again.');
  return { single, batch };
}

function report(file) {
  const { size } = statSync(file);
  process.stdout.write(`${file}  ${Math.round(size / 1000)} kB\n`);
  if (size <= LARGEST_BYTES) return;
  process.stderr.write(`${file} is larger than ${LARGEST_BYTES} bytes.\n`);
  process.exitCode = 1;
}
