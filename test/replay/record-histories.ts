/**
 * Records the history of every driver shape with today's workflow code. Run by hand, once for each released
 * change of the driver, and keep what was recorded before: running executions replay it.
 *
 *   temporal server start-dev --headless --port 7455 \
 *     --dynamic-config-value limit.historyCount.suggestContinueAsNew=60
 *   TENON_TEST_TEMPORAL_ADDRESS=127.0.0.1:7455 npx tsx test/replay/record-histories.ts [shape …]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDriverWorker } from '../workflow/driver-worker';
import { withoutOrigin } from './histories';
import { SHAPES } from './shapes';

async function record(wanted: string[]): Promise<void> {
  const folder = join(__dirname, 'histories');
  await mkdir(folder, { recursive: true });
  const worker = await startDriverWorker();
  try {
    for (const [name, shape] of Object.entries(SHAPES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const run = await shape(worker);
      const events = withoutOrigin(await run.events());
      await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ events }, undefined, 1)}\n`);
      process.stdout.write(`${name}: ${events.length} events\n`);
    }
  } finally {
    await worker.stop();
  }
}

record(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
