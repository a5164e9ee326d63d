import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { runnerPids, until } from '../support/runner-processes';

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
const pools: RunnerPool[] = [];

afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function newPool(memoryMb = 128, confinement: 'auto' | 'none' = 'auto'): RunnerPool {
  const pool = createRunnerPool({ size: 1, memoryMb, confinement });
  pools.push(pool);
  return pool;
}

/** Runs the body of a code step; `lines`: what was seen of its log, `END` when its outcome is told. */
function run(pool: RunnerPool, body: string, timeoutMs = 20_000) {
  const lines: string[] = [];
  const request = {
    component: CODE,
    kind: 'action' as const,
    key: 'runCode',
    context: {},
    params: { code: `module.exports = async ({ logger }) => { ${body} }` },
  };
  const outcome = pool.perform(request, { timeoutMs, onLog: ({ message }) => lines.push(message) });
  void outcome.then(() => lines.push('END'));
  return { lines, outcome };
}

const codeOf = (outcome: PerformOutcome) => (outcome.ok ? 'ok' : outcome.error.code);
const LINE = `console.log('before');`;

describe('the last lines before an endless loop', () => {
  it.each(['auto', 'none'] as const)(
    'are seen while it still runs, and once (confinement %s)',
    async (confinement) => {
      const { lines, outcome } = run(
        newPool(128, confinement),
        `logger.info('first'); await null; ${LINE} for (;;);`,
        3_000,
      );
      await until(() => lines.length > 0);
      expect(lines).toEqual(['first', 'before']);
      expect(codeOf(await outcome)).toBe('timeout');
      expect(lines).toEqual(['first', 'before', 'END']);
    },
  );

  it('are seen also when its time is over before it counts as silent', async () => {
    const pool = newPool();
    await run(pool, '').outcome;
    const { lines, outcome } = run(pool, `${LINE} for (;;);`, 150);
    expect(codeOf(await outcome)).toBe('timeout');
    expect(lines).toEqual(['before', 'END']);
  });

  it('are seen once also when it lets go, behind what others in the process logged', async () => {
    const pool = newPool();
    const other = run(
      pool,
      `for (let at = 0; at < 3; at += 1) { console.log(at);
      await new Promise((done) => setTimeout(done, 200)); }`,
    );
    const blocking = run(
      pool,
      `${LINE} const end = Date.now() + 1500; while (Date.now() < end); console.log('behind');`,
    );
    await until(() => blocking.lines.length > 0);
    expect(blocking.lines).toEqual(['before']);
    expect(codeOf(await blocking.outcome)).toBe('ok');
    expect(codeOf(await other.outcome)).toBe('ok');
    expect(blocking.lines).toEqual(['before', 'behind', 'END']);
    expect(other.lines).toEqual(['0', '1', '2', 'END']);
  });
});

describe('the last lines before the end of a process', () => {
  it('by process.exit are seen, and once', async () => {
    const { lines, outcome } = run(newPool(), `${LINE} process.exit(3);`);
    expect(codeOf(await outcome)).toBe('exited');
    expect(lines).toEqual(['before', 'END']);
  });

  it.each(['auto', 'none'] as const)(
    'by lack of memory are seen, and once (confinement %s)',
    async (confinement) => {
      const hog = `${LINE} const all = []; for (;;) all.push(new Array(1000).fill({}));`;
      const { lines, outcome } = run(newPool(64, confinement), hog);
      expect(codeOf(await outcome)).toBe('out_of_memory');
      expect(lines).toEqual(['before', 'END']);
    },
  );

  it.each(['auto', 'none'] as const)(
    'by a signal are seen, and once (confinement %s)',
    async (confinement) => {
      const pool = newPool(128, confinement);
      await run(pool, '').outcome;
      const { lines, outcome } = run(pool, `${LINE} await null; console.log('last'); for (;;);`);
      // It began, and is not yet known to block.
      await new Promise((done) => setTimeout(done, 200));
      for (const pid of runnerPids()) process.kill(pid, 'SIGKILL');
      expect(codeOf(await outcome)).toBe('runner_died');
      expect(lines).toEqual(['before', 'last', 'END']);
    },
  );

  it('by the error of a neighbour are seen, and once', async () => {
    const pool = newPool();
    await run(pool, '').outcome;
    const waiting = run(pool, `${LINE} await new Promise((done) => setTimeout(done, 5000));`);
    const crashing = run(
      pool,
      `process.removeAllListeners('uncaughtException'); console.log('soon'); setTimeout(() => { console.log('now'); throw new Error(); }, 10);
      await new Promise((done) => setTimeout(done, 5000));`,
    );
    expect([await waiting.outcome, await crashing.outcome].map(codeOf)).toEqual([
      'runner_died',
      'runner_died',
    ]);
    expect(waiting.lines).toEqual(['before', 'END']);
    expect(crashing.lines).toEqual(['soon', 'now', 'END']);
  });
});

it('an error that nobody handled adds no line: the outcome tells it, which the log of the run shows', async () => {
  const { lines, outcome } = run(
    newPool(),
    `${LINE} Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 500));`,
  );
  expect(await outcome).toMatchObject({ error: { message: expect.stringContaining('lost') } });
  expect(lines).toEqual(['before', 'END']);
});

describe('many lines', () => {
  const COUNT = 10_000;
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`);

  it.each([
    ['short', ''],
    ['long', `+ ' '.repeat(1000)`],
  ])(
    'that are %s and come at a stretch are all seen, once and in order; the rest is counted',
    async (_what, more) => {
      const { lines, outcome } = run(
        newPool(),
        `for (let at = 0; at < ${COUNT + 5}; at += 1) console.log('line ' + at ${more});
      const end = Date.now() + 1000; while (Date.now() < end);`,
      );
      expect(codeOf(await outcome)).toBe('ok');
      expect(lines.map((line) => line.trim())).toEqual([
        ...upTo(COUNT),
        '5 further log lines of this step were dropped.',
        'END',
      ]);
    },
  );

  it('are all seen before an endless loop, while it runs', async () => {
    const { lines, outcome } = run(
      newPool(),
      `for (let at = 0; at < 1500; at += 1) console.log('line ' + at); for (;;);`,
      4_000,
    );
    await until(() => lines.length >= 1500);
    expect(codeOf(await outcome)).toBe('timeout');
    expect(lines).toEqual([...upTo(1500), 'END']);
  });
});

it('lines of code that closes the files of its process are seen all the same', async () => {
  const { lines, outcome } = run(
    newPool(),
    `require('node:fs').closeSync(5); ${LINE} console.log('behind'); return { data: 1 };`,
  );
  expect(codeOf(await outcome)).toBe('ok');
  expect(lines).toEqual(['before', 'behind', 'END']);
});

describe('a result that holds a promise nobody waited for', () => {
  it('is warned of in the log, and has nothing there', async () => {
    const { lines, outcome } = run(newPool(), 'return { data: { id: 7, user: Promise.resolve(1) } };');
    expect(await outcome).toMatchObject({ ok: true, result: { data: { id: 7 } } });
    expect(lines).toEqual([expect.stringContaining("The result's data.user is a promise"), 'END']);
  });
});
