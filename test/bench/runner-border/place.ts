import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Outbox } from '../../../src/components/runner/outbox';
import type { RunnerPool } from '../../../src/components/runner/pool';
import { StartLog } from '../../../src/components/runner/start-log';
import { codeCall, dataOf, repeat, runnerCpu } from './load';
import type { FromWalker, ToWalker } from './walker-child';

export interface PlaceRow {
  size: string;
  concurrent: number;
  place: 'worker' | 'runner';
  perSecond: number;
  p50Ms: number;
  /** CPU milliseconds per execution of three steps. */
  workerCpuMs: number;
  runnerCpuMs: number;
}

const SIZES = [
  { size: '1 KB', rows: 10, concurrent: 50, runs: 3_000 },
  { size: '100 KB', rows: 1_000, concurrent: 20, runs: 300 },
  { size: '1 MB', rows: 10_000, concurrent: 4, runs: 40 },
  { size: '5 MB', rows: 50_000, concurrent: 2, runs: 12 },
];
/** Rows of about 100 bytes, as an API gives them. */
const make = (
  rows: number,
) => `module.exports = async () => ({ data: Array.from({ length: ${rows} }, (_, id) => ({
  id, name: 'Customer ' + id, city: 'Amsterdam', at: '2026-01-01T00:00:00Z', amount: id * 1.25, open: true })) })`;
const PASS = 'module.exports = async (_context, results) => ({ data: results.before.results })';

/** Three steps that hand a value on, with the walker in the worker and with it in the runner. */
export async function measurePlaces(pool: RunnerPool): Promise<PlaceRow[]> {
  const child = startWalker();
  const rows: PlaceRow[] = [];
  for (const { size, rows: count, concurrent, runs } of SIZES) {
    const steps = [make(count), PASS, PASS];
    const inWorker = () => walkHere(pool, steps);
    const inRunner = () => child.run(steps);
    const measured = { size, concurrent };
    rows.push({
      ...measured,
      place: 'worker',
      ...(await measureOne(runs, concurrent, inWorker, () => runnerCpu(pool))),
    });
    rows.push({
      ...measured,
      place: 'runner',
      ...(await measureOne(runs, concurrent, inRunner, child.cpuMs)),
    });
  }
  child.stop();
  return rows;
}

async function walkHere(pool: RunnerPool, steps: string[]): Promise<void> {
  let before: unknown;
  for (const code of steps) {
    before = await dataOf(pool, { ...codeCall(code), stepResults: { before: { results: before } } });
    await journal();
  }
}

/** Stands for the write of a record, which costs the same in both places. */
const journal = () => new Promise<void>((resolve) => setImmediate(resolve));

async function measureOne(
  runs: number,
  concurrent: number,
  work: () => Promise<void>,
  runnerCpuMs: () => Promise<number>,
) {
  await repeat(Math.ceil(runs / 4), concurrent, work);
  const worker = process.cpuUsage();
  const runner = await runnerCpuMs();
  const startedAt = performance.now();
  const times = await repeat(runs, concurrent, work);
  const seconds = (performance.now() - startedAt) / 1000;
  const spent = process.cpuUsage(worker);
  return {
    perSecond: runs / seconds,
    p50Ms: times.sort((a, b) => a - b)[times.length >> 1] ?? 0,
    workerCpuMs: (spent.user + spent.system) / 1000 / runs,
    runnerCpuMs: ((await runnerCpuMs()) - runner) / runs,
  };
}

function startWalker() {
  const starts = new StartLog('walker');
  const child: ChildProcess = fork(join(__dirname, 'walker-child.ts'), [], {
    execArgv: ['--import', 'tsx', '--min-semi-space-size=8', '--max-old-space-size=512'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', starts.fd],
  });
  const out = new Outbox<ToWalker>((messages) => void child.send(messages));
  const ends = new Map<number, () => void>();
  let count = 0;
  let cpuMs = 0;
  child.on('message', (messages: FromWalker[]) => {
    for (const message of messages) {
      if (message.type === 'record') {
        void journal().then(() => out.add({ type: 'written', id: message.id }));
      } else {
        cpuMs = message.cpuMs;
        ends.get(message.id)?.();
      }
    }
  });
  const run = (steps: string[]) =>
    new Promise<void>((resolve) => {
      count += 1;
      ends.set(count, resolve);
      out.add({ type: 'run', id: count, steps });
    });
  return {
    run,
    cpuMs: async () => {
      await run([]);
      return cpuMs;
    },
    stop: () => {
      child.disconnect();
      starts.close();
    },
  };
}
