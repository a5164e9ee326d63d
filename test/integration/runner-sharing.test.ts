import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { runnerPids, until } from '../support/runner-processes';

const pools: RunnerPool[] = [];

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function newPool(size: number): RunnerPool {
  const pool = createRunnerPool({ size, memoryMb: 128 });
  pools.push(pool);
  return pool;
}

/** Runs the body of a code step, which gives the number of its process. */
async function runIn(pool: RunnerPool, body: string): Promise<unknown> {
  const code = `module.exports = async () => { ${body} return { data: (globalThis.tenonTestId ??= Math.random()) } }`;
  const outcome: PerformOutcome = await pool.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: unknown }).data;
}

const busyFor = (ms: number) => `const until = Date.now() + ${ms}; while (Date.now() < until);`;
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const distinct = (ids: unknown[]) => new Set(ids).size;

describe('processes that calls share', () => {
  it('are no more than short calls fill, however many come at once', async () => {
    const pool = newPool(3);
    const waiting = 'await new Promise((done) => setTimeout(done, 20));';
    const ids: unknown[] = [];
    for (let round = 0; round < 20; round += 1)
      ids.push(...(await Promise.all(Array.from({ length: 20 }, () => runIn(pool, waiting)))));
    expect(distinct(ids)).toBe(1);
    expect(runnerPids()).toHaveLength(1);
  });

  it('are more while one is held up, and one again when there is nothing to do', async () => {
    const pool = newPool(2);
    const first = await runIn(pool, '');
    const held = runIn(pool, busyFor(3000));
    await sleep(400);
    const ended: string[] = [];
    await Promise.all([
      held.then(() => ended.push('held')),
      runIn(pool, '').then((id) => ended.push(id === first ? 'beside it' : 'elsewhere')),
    ]);
    expect(ended).toEqual(['elsewhere', 'held']);
    expect(runnerPids()).toHaveLength(2);
    await sleep(5000);
    await until(() => runnerPids().length === 1);
  }, 40_000);

  it('are more where one is held up again and again, each time for less than it takes to be missed', async () => {
    const pool = newPool(2);
    await runIn(pool, '');
    const calls: Promise<unknown>[] = [];
    // So many short calls that the work of all is enough for one process.
    const timer = setInterval(() => calls.push(runIn(pool, '')), 8);
    try {
      for (let count = 0; count < 4 && runnerPids().length < 2; count += 1) {
        await runIn(pool, busyFor(480));
        await sleep(1000);
      }
      expect(runnerPids()).toHaveLength(2);
    } finally {
      clearInterval(timer);
    }
    await Promise.all(calls);
  }, 60_000);

  it('are as many as there may be for calls that take long of a processor', async () => {
    const pool = newPool(2);
    for (let count = 0; count < 20; count += 1) await runIn(pool, busyFor(100));
    const pair = () => Promise.all([runIn(pool, busyFor(300)), runIn(pool, busyFor(300))]);
    // The second process starts meanwhile; until it is ready the first one goes on.
    await pair();
    await until(async () => distinct(await pair()) === 2);
  }, 40_000);
});
