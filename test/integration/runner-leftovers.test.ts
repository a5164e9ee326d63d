import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';

const WAIT = 'await new Promise((done) => setTimeout(done, 3000)); return { data: 1 };';
const GROW = 'grown.push(new Array(1e5).fill(Math.random()));';

describe('what a step leaves behind in the process of others', () => {
  let pool: RunnerPool;
  const crashes: string[] = [];

  beforeEach(() => {
    crashes.length = 0;
    pool = createRunnerPool({ size: 1, memoryMb: 128, onCrash: (reason) => crashes.push(reason) });
  });
  afterEach(() => pool.close());

  const run = (customer: string, body: string, alone = false): Promise<PerformOutcome> =>
    pool.perform(
      {
        component: { key: 'code', isPublic: true, version: 1, signature: '' },
        kind: 'action',
        key: 'runCode',
        context: {},
        params: { code: `module.exports = async () => { ${body} }` },
      },
      { timeoutMs: 300_000, onLog: () => {}, customer, alone },
    );

  test.each([
    ['an endless loop', 'setTimeout(() => { for (;;); }, 500); return {};', /stopped answering/],
    [
      'a leak',
      `const grown = []; setInterval(() => { for (let i = 0; i < 8; i += 1) ${GROW} }, 20); return {};`,
      /ran out of memory/,
    ],
  ])(
    '%s is not taken for the doing of the only one that has begun: it is told to run again, and can',
    async (_what, left, reason) => {
      const [leaving, waiting] = [run('a', left), run('b', WAIT)];
      expect(await leaving).toMatchObject({ ok: true });
      const outcome = await waiting;
      expect(outcome).toMatchObject({ ok: false, error: { code: 'runner_died' } });
      const { message } = (outcome as Extract<PerformOutcome, { ok: false }>).error;
      expect(message).toMatch(reason);
      expect(message).toMatch(/A step that had ended before may have left behind what caused it\.$/);
      expect(crashes).toEqual([expect.stringMatching(reason)]);
      expect(await run('b', WAIT, true)).toMatchObject({ ok: true });
    },
    90_000,
  );
});
