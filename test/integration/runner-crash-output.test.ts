import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';

const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
/** Ends the process as Node does when nobody handles an error: by printing it. */
const CRASH = `module.exports = async () => {
  process.removeAllListeners('uncaughtException');
  setTimeout(() => { throw new Error('SAID'); }, 10);
  await new Promise((done) => setTimeout(done, 5_000));
}`;
const HANG = 'module.exports = () => new Promise((done) => setTimeout(done, 5_000))';

/** What a run of a customer knows. */
const contextOf = (instanceId: string, password: string) => ({
  instance: { id: instanceId, name: instanceId },
  configVars: { Login: { key: 'login', fields: { username: 'u', password } } },
});

describe('what a runner process prints before it ends by itself', () => {
  let pool: RunnerPool;
  const crashes: { reason: string; output: string }[] = [];
  beforeAll(() => {
    const onCrash = (reason: string, output: string) => crashes.push({ reason, output });
    pool = createRunnerPool({ size: 1, memoryMb: 128, onCrash });
  });
  afterAll(() => pool?.close());

  const run = (code: string, context: object) =>
    pool.perform(
      { component: CODE, kind: 'action', key: 'runCode', context: { ...context }, params: { code } },
      { timeoutMs: 20_000, onLog: () => {} },
    );

  it('is shown to none of the runs in it; the operator sees it without their secrets', async () => {
    const [mine, theirs] = ['mine-a1b2c3d4e5', 'theirs-f6g7h8i9'];
    const neighbour = run(HANG, contextOf('i2', theirs));
    await new Promise((done) => setTimeout(done, 400));
    const said = `ORDER 4711 ${mine} ${theirs} ${Buffer.from(`xx${theirs}`).toString('base64')}`;
    const died = await run(CRASH.replace('SAID', said), contextOf('i1', mine));
    for (const outcome of [died, await neighbour]) {
      const error = JSON.stringify(outcome);
      expect(error).toMatch(/runner process exited with code 1\b/);
      expect(error).not.toMatch(/4711|mine-|theirs-/);
    }
    expect(crashes).toHaveLength(1);
    const [{ reason, output } = { reason: '', output: '' }] = crashes;
    expect(reason).toBe('the runner process exited with code 1');
    expect(output).toMatch(/Error: ORDER 4711 \[redacted\] \[redacted\] \S*\[redacted\]/);
    expect(output).not.toMatch(/a1b2c3d4e5|f6g7h8i9/);
    expect(output).not.toContain(Buffer.from(`xx${theirs}`).toString('base64').slice(4, -4));
  });

  it('is shown to nobody when a run has the process for itself either', async () => {
    const died = await run(CRASH.replace('SAID', 'ORDER 4712'), contextOf('i3', 'another-secret'));
    expect(died).toEqual({
      ok: false,
      error: { code: 'exited', message: 'The step did not finish: the runner process exited with code 1.' },
    });
    expect(crashes.at(-1)?.output).toMatch(/ORDER 4712/);
  });
});
