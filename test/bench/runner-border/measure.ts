import { parseArgs } from 'node:util';
import { createRunnerPool } from '../../../src/components/runner/pool';
import { measureBorder } from './border';
import type { Figures } from './load';

/**
 * Measures the border between worker and runner: `npx tsx test/bench/runner-border/measure.ts`.
 * Needs a build; `--entry FILE` takes another runner than the one in dist.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { entry: { type: 'string' } } });
  const pool = createRunnerPool({
    size: 1,
    memoryMb: 512,
    ...(values.entry === undefined ? {} : { entry: values.entry }),
  });
  printBorder(await measureBorder(pool));
  await pool.close();
}

function printBorder(figures: Record<string, Figures>): void {
  process.stdout.write(
    '| work | calls/s | p50 ms | CPU ms per call: worker | runner |\n|---|---|---|---|---|\n',
  );
  for (const [work, { perSecond, p50Ms, workerCpuMs, runnerCpuMs }] of Object.entries(figures)) {
    const cells = [work, perSecond, p50Ms.toFixed(2), workerCpuMs.toFixed(3), runnerCpuMs.toFixed(3)];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

void main();
