import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { runnerPids, until } from '../support/runner-processes';

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
const LOOP = 'module.exports = async () => { for (;;); }';
/** Names the process: its number is the same in each process table. */
const ID = 'module.exports = async () => ({ data: (globalThis.tenonTestId ??= Math.random()) })';
const HANG = 'module.exports = () => new Promise((done) => setTimeout(done, 60000))';
const pools: RunnerPool[] = [];

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function newPool(size = 1, memoryMb = 128): RunnerPool {
  const pool = createRunnerPool({ size, memoryMb });
  pools.push(pool);
  return pool;
}

function runCode(
  pool: RunnerPool,
  code: string,
  timeoutMs = 20_000,
  extra: { signal?: AbortSignal; alone?: boolean } = {},
) {
  return pool.perform(
    { component: CODE, kind: 'action', key: 'runCode', context: {}, params: { code } },
    { timeoutMs, onLog: () => {}, ...extra },
  );
}

const started = () => new Promise((done) => setTimeout(done, 400));
const codeOf = (outcome: PerformOutcome) => (outcome.ok ? 'ok' : outcome.error.code);
const messageOf = (outcome: PerformOutcome) => (outcome.ok ? '' : outcome.error.message);
async function idOf(pool: RunnerPool): Promise<number> {
  const outcome = await runCode(pool, ID);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: number }).data;
}

describe('an endless loop', () => {
  it('ends at its time limit; the neighbour that had begun is told so, the one that had not runs elsewhere', async () => {
    const pool = newPool();
    const before = await idOf(pool);
    const neighbour = runCode(pool, HANG);
    await started();
    const looping = runCode(pool, LOOP, 800);
    await started();
    const late = runCode(pool, ID);
    expect(await looping).toMatchObject({
      ok: false,
      error: { code: 'timeout', message: 'The step did not finish within 800 ms.' },
    });
    const died = await neighbour;
    expect(codeOf(died)).toBe('runner_died');
    expect(messageOf(died)).toMatch(/stopped answering; another step in it did not finish in time/);
    const outcome = await late;
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && (outcome.result as { data: number }).data).not.toBe(before);
    expect(await idOf(pool)).not.toBe(before);
  });

  it('does not keep those that had begun beside it for as long as it may run', async () => {
    const pool = newPool();
    await idOf(pool);
    const beganAt = Date.now();
    const neighbour = runCode(pool, HANG, 300_000);
    await started();
    const looping = runCode(pool, LOOP, 300_000);
    expect((await Promise.all([neighbour, looping])).map(codeOf)).toEqual(['runner_died', 'runner_died']);
    expect(messageOf(await neighbour)).toMatch(/stopped answering/);
    expect(Date.now() - beganAt).toBeLessThan(60_000);
  }, 90_000);

  it('keeps no answer back of those that came with it and were through before', async () => {
    const pool = newPool();
    await idOf(pool);
    const before = [runCode(pool, ID), runCode(pool, ID)];
    const looping = runCode(pool, LOOP, 2_000);
    expect((await Promise.all(before)).map(codeOf)).toEqual(['ok', 'ok']);
    expect(codeOf(await looping)).toBe('timeout');
  });

  it('keeps none back either when it is in a new function of a component whose others have run', async () => {
    const pool = newPool();
    await idOf(pool);
    const filter = (filterCodeInput: string) =>
      pool.perform(
        {
          component: { ...CODE, key: 'collection-tools' },
          kind: 'action',
          key: 'filter',
          context: {},
          params: { listInput: [1], filterCodeInput },
        },
        { timeoutMs: 2_000, onLog: () => {} },
      );
    expect(codeOf(await filter('(item) => item > 0'))).toBe('ok');
    const before = [runCode(pool, ID), runCode(pool, ID)];
    const looping = filter('() => { for (;;); }');
    expect((await Promise.all(before)).map(codeOf)).toEqual(['ok', 'ok']);
    expect(codeOf(await looping)).toBe('timeout');
  });

  it('stops nobody in another process', async () => {
    const pool = newPool(2);
    const looping = runCode(pool, LOOP, 2_000);
    const pids = await Promise.all([runCode(pool, ID), runCode(pool, ID)]);
    await started();
    expect(await idOf(pool)).toEqual(expect.any(Number));
    expect(pids.map(codeOf)).toContain('ok');
    expect(codeOf(await looping)).toBe('timeout');
  });
});

describe('endless loops in all shared processes', () => {
  it('hold up nobody: others run in a process more, also those that were behind them already', async () => {
    const pool = newPool(2);
    await Promise.all([idOf(pool), idOf(pool)]);
    const looping = [runCode(pool, LOOP, 20_000), runCode(pool, LOOP, 20_000)];
    let areLooping = true;
    void Promise.race(looping).then(() => (areLooping = false));
    await started();
    // Nobody knows yet that these processes block.
    const behind = await Promise.all(Array.from({ length: 6 }, () => runCode(pool, ID)));
    expect(behind.map(codeOf)).toEqual(Array(6).fill('ok'));
    await idOf(pool);
    expect(areLooping).toBe(true);
    // A third one blocks, too.
    looping.push(runCode(pool, LOOP, 5_000));
    await started();
    await idOf(pool);
    expect((await Promise.all(looping)).map(codeOf)).toEqual(Array(3).fill('timeout'));
    // Those that are too many end when they have been idle for ten seconds.
    await new Promise((done) => setTimeout(done, 4_000));
    await until(() => runnerPids().length <= 2);
    expect(await idOf(pool)).toEqual(expect.any(Number));
  }, 60_000);

  it('are run in three times as many processes at most; calls wait then, and run when one ends', async () => {
    const pool = newPool(1);
    await idOf(pool);
    const looping = [];
    for (let count = 0; count < 4; count += 1) {
      looping.push(runCode(pool, LOOP, 7_000));
      await new Promise((done) => setTimeout(done, 1_200));
    }
    // By now it is known of the third one, too.
    await new Promise((done) => setTimeout(done, 1_200));
    expect(runnerPids().length).toBeLessThanOrEqual(3);
    const counted = `module.exports = async () => ({ data: (globalThis.tenonRuns = (globalThis.tenonRuns ?? 0) + 1) })`;
    const innocent = runCode(pool, counted);
    await Promise.all(looping);
    expect(codeOf(await innocent)).toBe('ok');
  }, 60_000);
});

describe('a call that hangs without blocking', () => {
  it('ends at its time limit; its neighbours finish, then the process goes', async () => {
    const pool = newPool();
    const before = await idOf(pool);
    const slow = runCode(
      pool,
      `module.exports = () => new Promise((done) => setTimeout(done, 2500, { data: globalThis.tenonTestId }))`,
    );
    const hanging = runCode(pool, HANG, 500);
    expect(codeOf(await hanging)).toBe('timeout');
    expect(await idOf(pool)).not.toBe(before);
    expect(await slow).toMatchObject({ ok: true, result: { data: before } });
    await until(() => runnerPids().length === 1);
  });

  it('rejects with the reason of the signal when the caller gives up', async () => {
    const pool = newPool();
    const stop = new AbortController();
    const hanging = runCode(pool, HANG, 20_000, { signal: stop.signal });
    await started();
    stop.abort(new Error('cancelled'));
    await expect(hanging).rejects.toThrow('cancelled');
    await expect(runCode(pool, ID, 20_000, { signal: stop.signal })).rejects.toThrow('cancelled');
    expect(await idOf(pool)).toBeGreaterThan(0);
  });
});

describe('memory', () => {
  const HOG = 'module.exports = async () => { const all = []; for (;;) all.push(new Array(1000).fill({})); }';

  it('is named when a call used it up in a process that ran nothing else, and a fresh one follows', async () => {
    const pool = newPool(1, 64);
    const outcome = await runCode(pool, HOG);
    expect(codeOf(outcome)).toBe('out_of_memory');
    expect(messageOf(outcome)).toMatch(/ran out of memory \(limit 64 MB\)/);
    expect(await idOf(pool)).toBeGreaterThan(0);
  });

  it('is blamed on nobody when several ran, and on the culprit when it runs alone', async () => {
    const pool = newPool(1, 64);
    const neighbour = runCode(pool, HANG);
    await started();
    const [hog, other] = await Promise.all([runCode(pool, HOG), neighbour]);
    expect([codeOf(hog), codeOf(other)]).toEqual(['runner_died', 'runner_died']);
    expect(messageOf(other)).toMatch(/out of memory.*1 other step/);
    const again = await Promise.all([
      runCode(pool, HOG, 20_000, { alone: true }),
      runCode(pool, ID, 20_000, { alone: true }),
    ]);
    expect(again.map(codeOf)).toEqual(['out_of_memory', 'ok']);
  });
});

describe('code that leaves its bounds', () => {
  it('gets `exited` for process.exit, and its neighbours finish', async () => {
    const pool = newPool();
    const before = await idOf(pool);
    const slow = runCode(
      pool,
      'module.exports = () => new Promise((done) => setTimeout(done, 800, { data: 1 }))',
    );
    await started();
    const exiting = await runCode(pool, 'module.exports = async () => { process.exit(3); }');
    expect(exiting).toMatchObject({
      error: { code: 'exited', message: 'The code of this step called process.exit(3).' },
    });
    expect(codeOf(await slow)).toBe('ok');
    expect(await idOf(pool)).not.toBe(before);
  });

  // A process that is number 1 of its table gets no SIGSEGV from outside.
  it.each([
    ['SIGKILL', 'auto'],
    ['SIGKILL', 'none'],
    ['SIGSEGV', 'none'],
  ] as const)(
    'gets `runner_died` when its process ends by %s (confinement %s)',
    async (signal, confinement) => {
      const pool = createRunnerPool({ size: 1, memoryMb: 128, confinement });
      pools.push(pool);
      const before = await idOf(pool);
      const killed = runCode(pool, HANG);
      await started();
      for (const pid of runnerPids()) process.kill(pid, signal);
      expect(codeOf(await killed)).toBe('runner_died');
      expect(messageOf(await killed)).toMatch(new RegExp(`ended by ${signal}`));
      expect(await idOf(pool)).not.toBe(before);
    },
  );

  it('is told which file it may not read or write', async () => {
    const pool = newPool();
    const of = async (body: string) =>
      messageOf(await runCode(pool, `module.exports = async () => {\n${body} }`));
    expect(await of(`require('fs').writeFileSync('/etc/x', '1')`)).toMatch(
      /^Component code may not write to \/etc\/x: .*os\.tmpdir\(\)\. \(line 2 of the code\)$/,
    );
    expect(await of(`await require('fs/promises').readFile('/root/y')`)).toMatch(
      /^Component code may not read \/root\/y: .*os\.tmpdir\(\)/,
    );
  });

  it('fails alone for an error in a timer and for a rejection that it did not handle', async () => {
    const pool = newPool();
    const slow = runCode(
      pool,
      'module.exports = () => new Promise((done) => setTimeout(done, 900, { data: 1 }))',
    );
    const inTimer = runCode(
      pool,
      'module.exports = () => new Promise(() => setTimeout(() => { throw new Error("tick"); }, 50))',
    );
    const floating = runCode(
      pool,
      'module.exports = () => new Promise(() => { void Promise.reject(new Error("afloat")); })',
    );
    expect(messageOf(await inTimer)).toMatch(/thrown outside of the promise that the step returned: tick/);
    expect(messageOf(await floating)).toMatch(/rejected and nobody handled it: afloat/);
    expect(codeOf(await slow)).toBe('ok');
  });
});

describe('the pool', () => {
  it('says why when its processes cannot start', async () => {
    const crashes: string[] = [];
    const onCrash = (reason: string, output: string) => crashes.push(`${reason}: ${output}`);
    const pool = createRunnerPool({ size: 1, memoryMb: 64, entry: '/nowhere/main.js', onCrash });
    pools.push(pool);
    const outcome = await runCode(pool, ID);
    expect(codeOf(outcome)).toBe('runner_died');
    expect(messageOf(outcome)).toBe('The step did not run: the runner process exited with code 1.');
    // The operator is told where it lies.
    expect(crashes[0]).toMatch(/exited with code 1: [^]*Error\b.*\/nowhere\/main.js/);
  });

  it('ends what runs when it is closed, and takes nothing more', async () => {
    const pool = newPool();
    const running = runCode(pool, HANG);
    await idOf(pool);
    const pids = runnerPids();
    expect(pids).toHaveLength(1);
    await pool.close();
    expect(codeOf(await running)).toBe('runner_died');
    await until(() => runnerPids().length === 0);
    await expect(runCode(pool, ID)).rejects.toThrow(/closed/);
  });

  it('refuses a deny list that it cannot read', () => {
    expect(() => createRunnerPool({ size: 1, memoryMb: 64, denyAddresses: ['mongo'] })).toThrow(/host:port/);
  });
});
