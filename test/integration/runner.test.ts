import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { types } from 'node:util';
import {
  createRunnerPool,
  type PerformOutcome,
  type RunnerLogLine,
  type RunnerPool,
} from '../../src/components/runner/pool';
import { runnerPidsBelow, until } from '../support/runner-processes';

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
let pool: RunnerPool;

beforeAll(() => {
  process.env.TENON_TEST_SECRET = 'of-the-parent';
  pool = createRunnerPool({ size: 2, memoryMb: 128 });
});
afterAll(() => pool.close());

interface Extra {
  context?: Record<string, unknown>;
  stepResults?: Record<string, unknown>;
  params?: Record<string, unknown>;
  onLog?: (line: RunnerLogLine) => void;
}

const runCode = (code: string, { context = {}, params = {}, onLog = () => {}, ...extra }: Extra = {}) =>
  pool.perform(
    { component: CODE, kind: 'action', key: 'runCode', context, params: { code, ...params }, ...extra },
    { timeoutMs: 20_000, onLog },
  );

function resultOf(outcome: PerformOutcome): { data?: unknown } {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.result as { data?: unknown };
}

function errorOf(outcome: PerformOutcome) {
  if (outcome.ok) throw new Error('The call succeeded.');
  return outcome.error;
}

describe('results', () => {
  it('come as the component returned them: bytes, dates, undefined, NaN, nested binary; no hole in a list', async () => {
    const outcome = await runCode(`module.exports = async () => {
      const file = { data: Buffer.from([0, 255]), contentType: 'image/png' };
      return { data: { file, again: file, at: new Date(5), none: undefined, nan: NaN, list: [undefined, 1n] }, contentType: 'x/y' };
    };`);
    const { data } = resultOf(outcome) as { data: Record<string, unknown> };
    const file = { data: Buffer.from([0, 255]), contentType: 'image/png' };
    expect(resultOf(outcome)).toStrictEqual({
      data: { file, again: file, at: new Date(5), none: undefined, nan: NaN, list: [null, 1n] },
      contentType: 'x/y',
    });
    expect(Buffer.isBuffer((data.file as { data: unknown }).data)).toBe(true);
  });

  it('may be nothing, and lose what is no data', async () => {
    const nothing = await runCode('module.exports = async () => {}');
    expect(nothing).toMatchObject({ ok: true });
    expect(resultOf(nothing)).toBeUndefined();
    const mixed = await runCode(
      'module.exports = async () => ({ data: { run: () => 1, at: new Date(1), p: Promise.resolve() } })',
    );
    expect(resultOf(mixed)).toStrictEqual({ data: { at: new Date(1) } });
  });

  it('of triggers hold the payload that they were given', async () => {
    const payload = {
      headers: { 'X-Mixed': '1' },
      rawBody: { data: Buffer.from('{}'), contentType: 'application/json' },
    };
    const outcome = await pool.perform(
      {
        component: { ...CODE, key: 'webhook-triggers' },
        kind: 'trigger',
        key: 'webhook',
        context: {},
        params: { body: 'ok', contentType: '', headers: [], statusCode: '201' },
        payload,
      },
      { timeoutMs: 20_000, onLog: () => {} },
    );
    expect(resultOf(outcome)).toEqual({
      payload,
      response: { statusCode: 201, contentType: 'text/plain', headers: {}, body: 'ok' },
    });
  });

  it('name a component, action or trigger that is not there', async () => {
    const call = (component: object, key: string) =>
      pool.perform(
        { component: { ...CODE, ...component }, kind: 'action', key, context: {}, params: {} },
        { timeoutMs: 20_000, onLog: () => {} },
      );
    expect(errorOf(await call({ key: 'acme', version: 3 }, 'x')).message).toMatch(
      /public component "acme" \(version 3\)/,
    );
    expect(errorOf(await call({ isPublic: false }, 'runCode')).message).toMatch(/private component "code"/);
    expect(errorOf(await call({}, 'toString')).message).toBe('Component "code" has no action "toString".');
  });
});

describe('context', () => {
  it('carries data, states, step results and the functions of the contract', async () => {
    const outcome = await runCode(
      `module.exports = async (context, stepResults) => ({ data: {
        name: context.flow.name, seen: stepResults.first.results,
        functions: ['logger', 'invokeFlow', 'debug'].map((key) => typeof context[key]),
        refused: await context._components.invoke({ component: { key: 'other' } }).catch((e) => e.message),
      } })`,
      { context: { flow: { name: 'F' } }, stepResults: { first: { results: 7 } } },
    );
    expect(resultOf(outcome).data).toEqual({
      name: 'F',
      seen: 7,
      functions: ['object', 'function', 'object'],
      refused: expect.stringContaining('Component "other" cannot be called from here'),
    });
  });

  it('gives back states changed in place, under the keys of returned ones', async () => {
    const outcome = await runCode(
      `module.exports = async (context) => {
        context.executionState.count = (context.executionState.count ?? 0) + 1;
        context.executionState.file = Buffer.from('b');
        delete context.instanceState.old;
        return { data: 1, instanceState: { cursor: 5, drop: undefined }, crossFlowState: { x: new Date(1) } };
      }`,
      { context: { executionState: { count: 1 }, instanceState: { old: 1, kept: 1, drop: 1 } } },
    );
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && outcome.states).toStrictEqual({
      executionState: { count: 2, file: Buffer.from('b') },
      instanceState: { kept: 1, cursor: 5 },
      crossFlowState: { x: new Date(1) },
    });
  });

  it('holds nothing of the environment, the arguments or the folder of the parent', async () => {
    const outcome = await runCode(`module.exports = async () => ({ data: {
      env: process.env, argv: process.argv.length, cwd: process.cwd(), send: typeof process.send } })`);
    const data = resultOf(outcome).data as { env: object; cwd: string };
    expect(data).toMatchObject({ env: { NODE_ENV: 'production', TZ: 'UTC' }, argv: 2, send: 'undefined' });
    // The folder is its own, and goes with it.
    expect(Object.keys(data.env).sort()).toEqual(['HOME', 'NODE_ENV', 'TMPDIR', 'TZ']);
    expect(data.env).toMatchObject({ HOME: data.cwd, TMPDIR: data.cwd });
    expect(data.cwd).not.toBe(process.cwd());
  });
});

describe('log lines', () => {
  it('come in order from the logger, the console and the streams, each with its severity', async () => {
    const lines: RunnerLogLine[] = [];
    await runCode(
      `module.exports = async ({ logger }) => {
        logger.info('a', { n: 1 }); console.log('b'); logger.warn('c'); process.stdout.write('d\\n');
        await new Promise((done) => setTimeout(done, 10));
        console.error(new Error('e')); logger.metric({ m: 1 }); logger.trace('x'.repeat(5000));
        process.nextTick(() => console.debug('f'));
        await new Promise((done) => setTimeout(done, 10));
      }`,
      { onLog: (line) => lines.push(line) },
    );
    expect(lines.map(({ severity, message }) => [severity, message.slice(0, 9)])).toEqual([
      ['INFO', 'a {"n":1}'],
      ['INFO', 'b'],
      ['WARN', 'c'],
      ['INFO', 'd'],
      ['ERROR', 'e'],
      ['METRIC', '{"m":1}'],
      ['TRACE', 'xxxxxxxxx'],
      ['DEBUG', 'f'],
    ]);
    expect(lines[6]?.message).toHaveLength(4096);
    expect(lines.every(({ timestamp }) => types.isDate(timestamp))).toBe(true);
  });

  it('go to the call that wrote them, though many share a process', async () => {
    const calls = Array.from({ length: 20 }, async (_item, index) => {
      const lines: string[] = [];
      const code = `module.exports = async () => { for (let i = 0; i < 5; i += 1) {
        await new Promise((done) => setTimeout(done, Math.random() * 10)); console.log('${index}/' + i); } }`;
      await runCode(code, { onLog: ({ message }) => lines.push(message) });
      return lines;
    });
    const all = await Promise.all(calls);
    all.forEach((lines, index) => expect(lines).toEqual([0, 1, 2, 3, 4].map((i) => `${index}/${i}`)));
  });

  it('and errors show no secret of a connection', async () => {
    const lines: string[] = [];
    const connection = { key: 'apiKey', configVarKey: 'Acme', fields: { apiKey: 'k-7f3b9c2d1e' } };
    const outcome = await runCode(
      `module.exports = async ({ configVars }) => {
        console.log('key', configVars.Acme); throw new Error('bad key ' + configVars.Acme.fields.apiKey); }`,
      { context: { configVars: { Acme: connection } }, onLog: ({ message }) => lines.push(message) },
    );
    expect(errorOf(outcome).message).toBe('bad key [redacted] (line 2 of the code)');
    expect(JSON.stringify([outcome, lines])).not.toContain('7f3b9c');
    expect(lines[0]).toContain('[redacted]');
  });

  it('show no half of a secret where they are cut', async () => {
    const lines: string[] = [];
    const connection = { key: 'apiKey', configVarKey: 'Acme', fields: { apiKey: 'k-7f3b9c2d1e' } };
    await runCode(
      `module.exports = async ({ configVars, logger }) => {
        const text = 'x'.repeat(4088) + configVars.Acme.fields.apiKey;
        process.stdout.write(text); console.log(text); logger.info(text); }`,
      { context: { configVars: { Acme: connection } }, onLog: ({ message }) => lines.push(message) },
    );
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^x{4088}\[redact…$/);
  });
});

describe('a runner', () => {
  it('runs many calls at once', async () => {
    const startedAt = performance.now();
    const code = 'module.exports = async () => new Promise((done) => setTimeout(done, 300, { data: 1 }))';
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => runCode(code)));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(50 * 300 * 0.2);
  });

  it('passes large values', async () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, 7);
    const outcome = await runCode('module.exports = async (c, s) => ({ data: s.big.results })', {
      stepResults: { big: { results: bytes } },
    });
    expect((resultOf(outcome).data as Buffer).equals(bytes)).toBe(true);
  });

  it.each(['auto', 'none'])(
    'ends by itself when its parent is killed (confinement %s)',
    async (confinement) => {
      // A parent of its own, which starts a pool and is then killed without a chance to clean up.
      const script = `
      const { createRunnerPool } = require('./dist/components/runner/pool.js');
      const pool = createRunnerPool({ size: 1, memoryMb: 64, confinement: '${confinement}' });
      const component = { key: 'code', isPublic: true, version: 1, signature: '' };
      const call = (code) => pool.perform({ component, kind: 'action', key: 'runCode', context: {}, params: { code } }, { timeoutMs: 9000, onLog() {} });
      void call('module.exports = async () => ({})').then(() => {
        // It blocks, so that it cannot see the channel close.
        void call('module.exports = async () => { for (;;); }');
        setTimeout(() => { require('node:fs').writeSync(1, 'looping'); }, 300);
      });`;
      const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(parent.stdout, 'data');
      const [pid] = runnerPidsBelow(parent.pid ?? 0);
      expect(pid).toBeGreaterThan(0);
      parent.kill('SIGKILL');
      // A zombie is dead; who reaps orphans is the machine's affair.
      await until(
        () => !/^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout),
      );
    },
  );
});
