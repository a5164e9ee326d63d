import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { until } from '../support/runner-processes';

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
/** What the operator is told of processes outside of their calls. */
let told: string[] = [];
let pool: RunnerPool;

beforeEach(() => {
  told = [];
  pool = createRunnerPool({ size: 1, memoryMb: 128, onOutput: (text) => told.push(text) });
});
afterEach(() => pool.close());

const run = (body: string, context: Record<string, unknown> = {}) =>
  pool.perform(
    {
      component: CODE,
      kind: 'action',
      key: 'runCode',
      context: { executionId: 'e1', executionFrame: { stepName: 'order' }, ...context },
      params: { code: `module.exports = async () => { ${body} }` },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
/** Runs code, and a step behind it that keeps its process for another second. */
async function runBesideOther(body: string, context?: Record<string, unknown>): Promise<void> {
  const other = run('await new Promise((done) => setTimeout(done, 1000));');
  expect(await run(body, context)).toMatchObject({ ok: true });
  expect(await other).toMatchObject({ ok: true });
}

describe('an error that comes after the end of its step', () => {
  it.each([
    ['is thrown', 'setTimeout(() => { throw new Error("late-1"); }, 100);', /returned: late-1\n +at /],
    ['is a rejection', 'setTimeout(() => Promise.reject(new Error("late-2")), 100);', /handled it: late-2\n/],
    ['is an end', 'setTimeout(() => process.exit(7), 100);', /called process\.exit\(7\)/],
  ])('reaches the operator with whose it was when it %s', async (_how, body, expected) => {
    await runBesideOther(`${body} return { data: 1 };`);
    await until(() => told.length > 0);
    const text = told.join('\n');
    expect(text).toMatch(
      /^After the end of action "runCode" of component "code" \(execution e1, step order\): /,
    );
    expect(text).toMatch(expected);
  });

  it('reaches the operator without the secrets of any run in the process', async () => {
    const configVars = (password: string) => ({
      configVars: { Login: { key: 'login', fields: { username: 'u', password } } },
    });
    const other = run('await new Promise((done) => setTimeout(done, 1000));', configVars('theirs-f6g7h8i9'));
    await run(
      'setTimeout(() => { throw new Error("late mine-a1b2c3d4 theirs-f6g7h8i9"); }, 100);',
      configVars('mine-a1b2c3d4'),
    );
    await other;
    await until(() => told.length > 0);
    expect(told.join('\n')).toContain('late [redacted] [redacted]');
    expect(told.join('\n')).not.toMatch(/a1b2c3d4|f6g7h8i9/);
  });

  it('is told a few times a process when it comes without an end', async () => {
    await runBesideOther('setInterval(() => { throw new Error("again"); }, 5);');
    await until(() => /not shown/.test(told.join('\n')));
    const lines = told.join('\n').split('\n');
    expect(lines.filter((line) => line.includes('again'))).toHaveLength(5);
    expect(lines.at(-1)).toBe('Further errors of this process are not shown.');
  });
});

it('what code prints without an end past its log reaches the operator a few times a process', async () => {
  await run(
    `for (let count = 0; count < 24; count += 1) {
      require('fs').writeSync(2, 'flood\\n');
      await new Promise((done) => setTimeout(done, 300));
    }`,
  );
  await until(() => /not shown/.test(told.join('\n')));
  expect(told.filter((text) => text.includes('flood')).length).toBeLessThanOrEqual(20);
  expect(told.at(-1)).toBe('What this process prints further is not shown.');
});
