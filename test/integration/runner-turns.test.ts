import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { resultOf } from '../support/package-runner';
import { runnerPids, until } from '../support/runner-processes';

const HANG = 'await new Promise((done) => setTimeout(done, 60000));';
const LOOP = 'for (;;);';
/** Gives when it began and when it ended. */
const TIMED = `const from = Date.now(); await new Promise((done) => setTimeout(done, 300)); return { data: [from, Date.now()] };`;
const pools: RunnerPool[] = [];

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function newPool(): RunnerPool {
  const pool = createRunnerPool({ size: 1, memoryMb: 128 });
  pools.push(pool);
  return pool;
}

/** Begins the body of a code step; `begun` is called when it runs. */
function run(
  pool: RunnerPool,
  body: string,
  options: { customer: string; alone?: boolean; begun?: () => void; signal?: AbortSignal },
): Promise<PerformOutcome> {
  const { begun = () => {}, ...extra } = options;
  const code = `module.exports = async ({ logger }) => { logger.info('begun'); ${body} }`;
  const component = { key: 'code', isPublic: true, version: 1, signature: '' };
  return pool.perform(
    { component, kind: 'action', key: 'runCode', context: {}, params: { code } },
    { timeoutMs: 120_000, onLog: begun, ...extra },
  );
}

/** Whether of two calls of {@link TIMED} one began after the other. */
function areApart(outcomes: PerformOutcome[]): boolean {
  const [first, second] = outcomes.map((outcome) => resultOf(outcome)['data'] as [number, number]);
  return second![0] >= first![1] || first![0] >= second![1];
}

const codeOf = (outcome: PerformOutcome) => (outcome.ok ? 'ok' : outcome.error.code);
const soon = () => new Promise((done) => setTimeout(done, 100));
async function killAll(): Promise<void> {
  for (const pid of runnerPids()) process.kill(pid, 'SIGKILL');
  await soon();
}

describe('endless loops of one customer', () => {
  it('hold up what began beside the first of them only: the others run alone', async () => {
    const pool = newPool();
    const loop = () => run(pool, LOOP, { customer: 'a' });
    const wait = (customer: string) =>
      run(pool, 'await new Promise((done) => setTimeout(done, 1000)); return {};', { customer });
    const first = loop();
    const rest = [wait('b'), wait('c'), loop(), wait('b'), wait('c'), loop(), wait('b'), wait('c')];
    const loops = [first, rest[2]!, rest[5]!];
    const outcomes = await Promise.all(rest.filter((one) => !loops.includes(one)));
    expect(outcomes.map(codeOf)).toEqual(outcomes.map(() => 'ok'));
  }, 60_000);

  it('and leaks and exits hold up or repeat no request of the http component', async () => {
    const pool = newPool();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      setTimeout(() => response.end('{}'), 1_500);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const get = (name: string) =>
      pool.perform(
        {
          component: { key: 'http', isPublic: true, version: 1, signature: '' },
          kind: 'action',
          key: 'httpGet',
          context: {},
          params: { url: `http://127.0.0.1:${port}/${name}` },
        },
        { timeoutMs: 120_000, onLog: () => {}, customer: 'b' },
      );
    const names = ['x', 'y', 'z'];
    const gets = names.map(get);
    await until(() => asked.length === names.length);
    const foul = [run(pool, 'process.exit(1)', { customer: 'a' }), run(pool, LOOP, { customer: 'a' })];
    expect((await Promise.all(gets)).map(codeOf)).toEqual(['ok', 'ok', 'ok']);
    expect(codeOf(await get('late'))).toBe('ok');
    expect(asked).toEqual(['/x', '/y', '/z', '/late']);
    expect(codeOf(await foul[0]!)).not.toBe('ok');
    server.close();
  }, 60_000);
});

describe('calls that run alone', () => {
  it('begin one of each customer that waits in turn, and in order of arrival for each', async () => {
    const pool = newPool();
    const order: string[] = [];
    const short = (name: string, customer: string) =>
      run(pool, '', { customer, alone: true, begun: () => order.push(name) });
    await Promise.all([
      ...['a1', 'a2', 'a3'].map((name) => short(name, 'a')),
      ...['b1', 'b2'].map((name) => short(name, 'b')),
      short('c1', 'c'),
    ]);
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  });

  it('hold back those of other customers for seconds only, in a bounded number of processes', async () => {
    const pool = newPool();
    let begun = 0;
    const isThere = () => (begun += 1);
    const long = Array.from({ length: 4 }, () =>
      run(pool, HANG, { customer: 'a', alone: true, begun: isThere }),
    );
    let isOver = false;
    void Promise.race(long).then(() => (isOver = true));
    await until(() => begun === 2);
    // Whoever comes later finds a process: the long ones of one customer never have the last.
    expect(codeOf(await run(pool, '', { customer: 'b', alone: true }))).toBe('ok');
    expect(codeOf(await run(pool, '', { customer: 'c', alone: true }))).toBe('ok');
    expect([begun, isOver]).toEqual([2, false]);
  }, 60_000);

  it('take no process from those that share them, also when they never let go', async () => {
    const pool = newPool();
    let begun = 0;
    const loops = ['a', 'b', 'c'].map((customer) =>
      run(pool, LOOP, { customer, alone: true, begun: () => (begun += 1) }),
    );
    let isOver = false;
    void Promise.race(loops).then(() => (isOver = true));
    await until(() => begun === 2);
    await until(() => begun === 3);
    // Until it is known of the last one, too.
    await new Promise((done) => setTimeout(done, 3_000));
    expect(codeOf(await run(pool, '', { customer: 'd' }))).toBe('ok');
    expect(isOver).toBe(false);
  }, 60_000);

  it('begin also when those before them are given up, of which none begins any more', async () => {
    const pool = newPool();
    const stop = new AbortController();
    const { signal } = stop;
    const begun: string[] = [];
    const given = ['first', 'second'].map((name) =>
      run(pool, HANG, { customer: 'a', alone: true, signal, begun: () => begun.push(name) }),
    );
    const last = run(pool, '', { customer: 'a', alone: true });
    await until(() => begun.length === 1);
    stop.abort(new Error('given up'));
    for (const one of given) await expect(one).rejects.toThrow('given up');
    expect(codeOf(await last)).toBe('ok');
    expect(begun).toEqual(['first']);
  });

  it('stay alone when they move to a process that their bundle has for itself', async () => {
    const pool = newPool();
    const folder = join(pool.bundleFolder, 'altering');
    const bundlePath = join(folder, 'index.js');
    mkdirSync(folder);
    writeFileSync(
      bundlePath,
      `String.prototype.shouting = () => '';
       const id = Math.random();
       const perform = () => new Promise((done) => setTimeout(done, 2000, { data: id }));
       exports.default = { actions: { use: { perform } } };`,
    );
    const component = { key: 'full', isPublic: false, version: 1, signature: 'altering' };
    const request = { component, kind: 'action', key: 'use', bundlePath, context: {}, params: {} } as const;
    const options = { timeoutMs: 20_000, onLog: () => {} };
    const [usual, alone] = await Promise.all([
      pool.perform(request, options),
      pool.perform(request, { ...options, alone: true }),
    ]);
    expect(resultOf(alone)['data']).not.toBe(resultOf(usual)['data']);
  });
});

describe('calls that had not begun when their process died', () => {
  it('run elsewhere beside each other, however long they take', async () => {
    const pool = newPool();
    await run(pool, '', { customer: 'a' });
    const looping = run(pool, LOOP, { customer: 'a' });
    await soon();
    let begun = 0;
    const behind = ['b', 'c', 'd', 'e', 'f', 'g'];
    for (const customer of behind) void run(pool, HANG, { customer, begun: () => (begun += 1) });
    await soon();
    await killAll();
    expect(codeOf(await looping)).toBe('runner_died');
    await until(() => begun === behind.length);
  }, 30_000);

  it('run alone when that happens a second time', async () => {
    const pool = newPool();
    await run(pool, '', { customer: 'a' });
    const looping = [run(pool, LOOP, { customer: 'a' })];
    await soon();
    let isLooping = false;
    looping.push(run(pool, LOOP, { customer: 'b', begun: () => (isLooping = true) }));
    const behind = ['c', 'd'].map((customer) => run(pool, TIMED, { customer }));
    await soon();
    await killAll();
    // The second loop is before them again.
    await until(() => isLooping);
    await killAll();
    expect((await Promise.all(looping)).map(codeOf)).toEqual(['runner_died', 'runner_died']);
    expect(areApart(await Promise.all(behind))).toBe(true);
  }, 30_000);
});
