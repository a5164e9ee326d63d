import { parseArgs } from 'node:util';
import { createRunnerPool } from '../../../src/components/runner/pool';
import { measureBorder } from './border';
import type { Figures } from './load';
import { measurePlaces, type PlaceRow } from './place';

/**
 * Measures the border between worker and runner: `npx tsx test/bench/runner-border/measure.ts [border|places]`.
 * Needs a build; `--entry FILE` takes another runner than the one in dist.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { entry: { type: 'string' } },
    allowPositionals: true,
  });
  const pool = createRunnerPool({
    size: 1,
    memoryMb: 512,
    ...(values.entry === undefined ? {} : { entry: values.entry }),
  });
  process.stdout.write(`confinement: ${pool.confinement.level}\n`);
  if (positionals[0] !== 'places') printBorder((await measureBorder(pool)).figures);
  if (positionals[0] !== 'border') printPlaces(await measurePlaces(pool));
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

function printPlaces(rows: PlaceRow[]): void {
  process.stdout.write(
    '\n| value | at once | walker in the | executions/s | p50 ms | CPU ms per execution: worker | runner | both |\n|---|---|---|---|---|---|---|---|\n',
  );
  for (const { size, concurrent, place, perSecond, p50Ms, workerCpuMs, runnerCpuMs } of rows) {
    const cpu = [workerCpuMs, runnerCpuMs, workerCpuMs + runnerCpuMs].map((ms) => ms.toPrecision(2));
    const cells = [size, concurrent, place, perSecond.toPrecision(3), p50Ms.toPrecision(3), ...cpu];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

void main();
