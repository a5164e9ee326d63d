import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { runnerPids, until } from '../support/runner-processes';

const ID = '(globalThis.tenonTestId ??= Math.random())';
const pools: RunnerPool[] = [];

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function newPool(separateSize: number, memoryMb = 128): RunnerPool {
  const pool = createRunnerPool({ size: 1, separateSize, memoryMb });
  pools.push(pool);
  return pool;
}

const run = (
  runners: RunnerPool,
  pool: string | undefined,
  code: string,
  timeoutMs = 20_000,
  alone = false,
) =>
  runners.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code: `module.exports = async () => { ${code} }` },
    },
    { timeoutMs, onLog: () => {}, alone, ...(pool === undefined ? {} : { pool }) },
  );
const dataOf = (outcome: PerformOutcome) =>
  outcome.ok ? (outcome.result as { data: unknown }).data : outcome.error.message;
const idOf = async (runners: RunnerPool, pool?: string, afterMs = 0) =>
  dataOf(
    await run(runners, pool, `await new Promise((d) => setTimeout(d, ${afterMs})); return { data: ${ID} }`),
  );
const codeOf = (outcome: PerformOutcome) => (outcome.ok ? 'ok' : outcome.error.code);

describe('pools', () => {
  it('share no process with each other; calls of one pool do, and calls without one have theirs', async () => {
    const runners = newPool(2);
    const ids = await Promise.all(
      ['a', 'b', undefined, 'a', 'b', undefined].map((pool) => idOf(runners, pool, 200)),
    );
    const [a, b, shared] = ids;
    expect(new Set([a, b, shared]).size).toBe(3);
    expect(ids).toEqual([a, b, shared, a, b, shared]);
    expect(await idOf(runners, 'a')).toBe(a);
    const alone = await run(runners, 'a', `return { data: ${ID} }`, 20_000, true);
    expect([b, shared]).not.toContain(dataOf(alone));
  });

  it('end an idle process for another pool when there is no room, and never the shared one', async () => {
    const runners = newPool(1);
    const shared = await idOf(runners);
    const a = await idOf(runners, 'a');
    const b = await idOf(runners, 'b');
    await until(() => runnerPids().length === 2);
    expect(await idOf(runners, 'b')).toBe(b);
    expect(await idOf(runners, 'a')).not.toBe(a);
    expect(await idOf(runners)).toBe(shared);
  });

  it('wait while all processes are busy with other pools, and run when one is free', async () => {
    const runners = newPool(1);
    await idOf(runners, 'a');
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      idOf(runners, 'a', 600).then(note('a')),
      idOf(runners, 'b').then(note('b')),
      idOf(runners, 'c').then(note('c')),
      idOf(runners).then(note('shared')),
    ]);
    expect(order[0]).toBe('shared');
    expect(order.slice(1)).toEqual(['a', 'b', 'c']);
  });

  it('all get their turn while others are never idle: the process that is least busy gives way', async () => {
    const runners = newPool(2);
    let isOn = true;
    const load = async (pool: string, delayMs: number) => {
      await new Promise((done) => setTimeout(done, delayMs));
      while (isOn) await idOf(runners, pool, 300);
    };
    await Promise.all([idOf(runners, 'a'), idOf(runners, 'b')]);
    const loads = ['a', 'b'].flatMap((pool) => [load(pool, 0), load(pool, 150)]);
    await new Promise((done) => setTimeout(done, 1_000));
    const startedAt = performance.now();
    await idOf(runners, 'c');
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    // Whoever gave way comes to its turn again, beside the two others.
    await Promise.all(['a', 'b', 'c'].map((pool) => idOf(runners, pool)));
    isOn = false;
    await Promise.all(loads);
    await until(() => runnerPids().length <= 3);
  }, 60_000);

  it('get room in seconds while long calls hold all processes, up to a bound; calls of their own go on beside those', async () => {
    const runners = newPool(1);
    const stops = new Map<string, AbortController>();
    const component = { key: 'code', isPublic: true, version: 1, signature: '' };
    const code = 'module.exports = () => new Promise((done) => setTimeout(done, 300000))';
    const hang = async (pool: string) => {
      const id = await idOf(runners, pool);
      const stop = new AbortController();
      stops.set(pool, stop);
      const request = { component, kind: 'action', key: 'runCode', context: {}, params: { code } } as const;
      const options = { timeoutMs: 300_000, onLog: () => {}, pool, signal: stop.signal };
      void runners.perform(request, options).catch(() => {});
      return id;
    };
    const a = await hang('a');
    for (const pool of ['b', 'c', 'd']) await hang(pool);
    expect(await idOf(runners, 'a')).toBe(a);
    let isServed = false;
    const last = idOf(runners, 'e').then(() => (isServed = true));
    await new Promise((done) => setTimeout(done, 9_000));
    // Four, and the one that is always kept.
    expect([isServed, runnerPids().length]).toEqual([false, 5]);
    expect(await idOf(runners, 'a')).toBe(a);
    stops.get('b')?.abort(new Error('given up'));
    await last;
  }, 90_000);

  it('lose no room to a call that has a process alone', async () => {
    const runners = newPool(1);
    let isOver = false;
    const alone = run(runners, 'a', 'await new Promise((d) => setTimeout(d, 5000))', 20_000, true);
    void alone.then(() => (isOver = true));
    await idOf(runners, 'b');
    expect(isOver).toBe(false);
  });

  it('leave room to others however many endless loops one of them runs', async () => {
    const runners = newPool(1);
    const loops: Promise<PerformOutcome>[] = [];
    let isOver = false;
    for (let count = 0; count < 4; count += 1) loops.push(run(runners, 'a', 'for (;;);', 120_000));
    void Promise.race(loops).then(() => (isOver = true));
    // Time enough for a third one.
    await new Promise((done) => setTimeout(done, 22_000));
    expect(runnerPids().length).toBeLessThanOrEqual(3);
    await idOf(runners, 'b');
    expect(isOver).toBe(false);
  }, 90_000);

  it('wait for a process of their own that blocks rather than for another’s, and keep it when it answers again', async () => {
    const runners = newPool(2);
    const ids = [await idOf(runners, 'b'), await idOf(runners, 'a')];
    let isOn = true;
    const seen = new Set<unknown>();
    const load = async () => {
      while (isOn) seen.add(await idOf(runners, 'b', 400));
    };
    const loads = [load(), new Promise((done) => setTimeout(done, 200)).then(load)];
    await new Promise((done) => setTimeout(done, 2_500));
    const beside = idOf(runners, 'a', 3_000);
    const busy = run(runners, 'a', 'const end = Date.now() + 2500; while (Date.now() < end);');
    const beside2 = idOf(runners, 'a', 3_000);
    await new Promise((done) => setTimeout(done, 1_800));
    expect(await idOf(runners, 'a')).toBe(ids[1]);
    await Promise.all([beside, beside2, busy]);
    isOn = false;
    await Promise.all(loads);
    expect([...seen]).toEqual([ids[0]]);
  }, 60_000);

  it('are rejected while they wait when the caller gives up, and fail when the worker stops', async () => {
    const runners = newPool(1);
    const busy = idOf(runners, 'a', 5_000);
    const stop = new AbortController();
    const component = { key: 'code', isPublic: true, version: 1, signature: '' };
    const request = { component, kind: 'action', key: 'runCode', context: {}, params: { code: '' } } as const;
    const options = { timeoutMs: 9_000, onLog: () => {}, pool: 'b' };
    const given = runners.perform(request, { ...options, signal: stop.signal });
    const waiting = runners.perform(request, options);
    stop.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    await runners.close();
    expect(codeOf(await waiting)).toBe('runner_died');
    expect(await busy).toMatch(/did not finish|did not run/);
  });

  it('keep an endless loop, a crash of memory and an exit of one from all others', async () => {
    const runners = newPool(2, 64);
    const ids = [await idOf(runners, 'b'), await idOf(runners)];
    const slow = Promise.all([idOf(runners, 'b', 2_500), idOf(runners, undefined, 2_500)]);
    expect(codeOf(await run(runners, 'a', 'for (;;);', 500))).toBe('timeout');
    const hog = 'const all = []; for (;;) all.push(new Array(1000).fill({}));';
    expect(codeOf(await run(runners, 'a', hog))).toBe('out_of_memory');
    expect(codeOf(await run(runners, 'a', 'process.exit(1)'))).toBe('exited');
    expect(await slow).toEqual(ids);
    expect(await idOf(runners, 'a')).toEqual(expect.any(Number));
  });

  it('give a call the heap that it asks for, in a process of its own that others with the same share', async () => {
    const runners = newPool(2, 64);
    const perform = (code: string, memoryMb?: number) =>
      runners.perform(
        {
          component: { key: 'code', isPublic: true, version: 1, signature: '' },
          kind: 'action',
          key: 'runCode',
          context: {},
          params: { code: `module.exports = async () => { ${code} }` },
        },
        { timeoutMs: 20_000, onLog: () => {}, ...(memoryMb !== undefined && { memoryMb }) },
      );
    const take = `const all = []; for (let at = 0; at < 120; at += 1) all.push(new Array(131072).fill(at)); return { data: all.length };`;
    expect(codeOf(await perform(take))).toBe('out_of_memory');
    expect(dataOf(await perform(take, 300))).toBe(120);
    const id = `return { data: ${ID} }`;
    const [usual, own, same, none] = await Promise.all(
      [undefined, 300, 300, 64].map(async (mb) => dataOf(await perform(id, mb))),
    );
    expect([own, none]).toEqual([same, usual]);
    expect(own).not.toBe(usual);
    const hog = 'const all = []; for (;;) all.push(new Array(1000).fill({}));';
    expect(dataOf(await perform(hog, 100))).toMatch(/limit 100 MB/);
  }, 60_000);

  it('end a process whose bytes outside of the heap grow without bound', async () => {
    const runners = newPool(1, 64);
    const leak = `const all = []; for (;;) { all.push(Buffer.alloc(8 * 2 ** 20, 1)); await new Promise((d) => setTimeout(d, 20)); }`;
    const outcome = await run(runners, 'a', leak, 30_000);
    expect(outcome).toMatchObject({
      error: { code: 'out_of_memory', message: expect.stringMatching(/ran out of memory \(limit 64 MB\)/) },
    });
  });
});
