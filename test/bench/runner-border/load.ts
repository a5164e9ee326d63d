import type { PerformRequest, RunnerPool } from '../../../src/components/runner/pool';
import { percentile } from '../measure/percentile';

export interface Figures {
  calls: number;
  perSecond: number;
  /** Of one run divided by its calls. */
  p50Ms: number;
  p95Ms: number;
  /** CPU milliseconds per call of this process and of the runner. */
  workerCpuMs: number;
  runnerCpuMs: number;
}

/** Runs `work` a number of times, so many at once, and measures both sides; `calls` is what one run counts for. */
export async function measure(
  pool: RunnerPool,
  runs: number,
  concurrent: number,
  calls: number,
  work: () => Promise<void>,
): Promise<Figures> {
  await repeat(Math.min(runs, Math.max(concurrent, 300)), concurrent, work);
  const worker = process.cpuUsage();
  const runner = await runnerCpu(pool);
  const startedAt = performance.now();
  const times = await repeat(runs, concurrent, work);
  const seconds = (performance.now() - startedAt) / 1000;
  const spent = process.cpuUsage(worker);
  const all = runs * calls;
  return {
    calls: all,
    perSecond: Math.round(all / seconds),
    p50Ms: percentile(times, 0.5) / calls,
    p95Ms: percentile(times, 0.95) / calls,
    workerCpuMs: (spent.user + spent.system) / 1000 / all,
    runnerCpuMs: ((await runnerCpu(pool)) - runner) / all,
  };
}

export async function repeat(runs: number, concurrent: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  let left = runs;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await work();
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, lane));
  return times;
}

/** A call of a code step. */
export const codeCall = (code: string, context: Record<string, unknown> = {}): PerformRequest => ({
  component: { key: 'code', isPublic: true, version: 1, signature: '' },
  kind: 'action',
  key: 'runCode',
  context,
  params: { code },
});

/** Runs a call and gives its data; throws its error. */
export async function dataOf(pool: RunnerPool, request: PerformRequest): Promise<unknown> {
  const outcome = await pool.perform(request, { timeoutMs: 60_000, onLog: () => {} });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data?: unknown } | undefined)?.data;
}

const CPU =
  'module.exports = async () => { const { user, system } = process.cpuUsage(); return { data: (user + system) / 1000 }; }';

export async function runnerCpu(pool: RunnerPool): Promise<number> {
  return (await dataOf(pool, codeCall(CPU))) as number;
}
