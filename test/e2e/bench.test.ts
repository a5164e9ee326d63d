import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Row } from '../bench/report/rows';

const BENCH = resolve(__dirname, '../../scripts/bench.mjs');
/** Of the shortest loads that it takes, on a busy machine. */
const LIMIT_MS = 300_000;

const NUMBERS = [
  'executionsPerSecond',
  'ackP50Ms',
  'ackP95Ms',
  'endToEndP50Ms',
  'endToEndP95Ms',
  'peakRssMb',
] as const;

describe('the bench', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  let child: ChildProcess | undefined;
  afterAll(() => {
    // Where it has not come to its end, it ends what it has started.
    child?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'runs one work on both targets and writes what it measured',
    async () => {
      const run = spawn(process.execPath, [BENCH, 'W0', '--json', 'figures.json'], {
        env: { ...process.env, INIT_CWD: folder, TENON_BENCH_SECONDS: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = run;
      let printed = '';
      for (const stream of [run.stdout, run.stderr])
        stream.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
        });
      const [status] = (await once(run, 'exit')) as [number];
      expect([status, status === 0 ? '' : printed]).toEqual([0, '']);
      const { rows } = JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8')) as { rows: Row[] };
      expect(rows.map(({ work, target, faults }) => [work, target, faults])).toEqual([
        ['W0', 'tenon', []],
        ['W0', 'temporal', []],
      ]);
      const numbers = rows.flatMap((row) => NUMBERS.map((name) => [name, row[name], row[name] > 0]));
      expect(numbers.filter(([, , isFigure]) => !isFigure)).toEqual([]);
      for (const row of rows) {
        expect(row.ackP95Ms).toBeGreaterThanOrEqual(row.ackP50Ms);
        expect(row.endToEndP95Ms).toBeGreaterThanOrEqual(row.endToEndP50Ms);
        expect(Object.keys(row.cpuMsPerExecution)).toEqual(expect.arrayContaining(['worker', 'Temporal']));
      }
      expect(Object.keys(rows[0]!.cpuMsPerExecution)).toEqual(expect.arrayContaining(['API', 'runners']));
    },
    LIMIT_MS,
  );
});
