import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { Search } from '../support/canary-search';
import { aCanary } from '../support/canary-slots';

const PASSWORD = aCanary('pp');
const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
/** Asks by the proxy, which nobody is behind, and has its address and what it is sent in `told`. */
const asking = (end: string) => `module.exports = async ({ logger }) => {
  const request = require('node:http').get('http://shop.invalid/').on('error', () => {});
  await new Promise((done) => request.on('close', done));
  const { href, password } = request.agent.proxy;
  const told = [href, password, decodeURIComponent(password), JSON.stringify(request.getHeaders())].join(' ');
  ${end}
};`;

describe('the password of the operator’s proxy, which code comes upon', () => {
  let pool: RunnerPool;
  const lines: string[] = [];
  const crashes: string[] = [];
  beforeAll(() => {
    pool = createRunnerPool({
      size: 1,
      memoryMb: 128,
      onCrash: (_, output) => crashes.push(output),
      rules: {
        allow: [],
        overrides: [],
        reachable: ['127.0.0.1:9'],
        proxy: { url: `http://tenon:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`, exempt: [] },
      },
    });
  });
  afterAll(() => pool?.close());

  const run = (end: string) =>
    pool.perform(
      { component: CODE, kind: 'action', key: 'runCode', context: {}, params: { code: asking(end) } },
      { timeoutMs: 20_000, onLog: ({ message }) => lines.push(message) },
    );
  const found = (where: unknown) => new Search([['it', Buffer.from(JSON.stringify(where))]]).find(PASSWORD);

  it.each([
    ['what it logs', 'logger.info(told); return { data: "logged" };'],
    ['its result', 'return { data: { told } };'],
    ['its error', 'throw new Error(told);'],
  ])('is masked in %s', async (_, end) => {
    const said = [await run(end), lines];
    expect(JSON.stringify(said)).toContain('http://tenon:[redacted]@');
    expect(found(said)).toEqual([]);
  });

  it('is masked in what its process printed last, for the operator', async () => {
    const outside = "process.removeAllListeners('uncaughtException'); setTimeout(() => { throw told; }, 10);";
    await run(`${outside} await new Promise((done) => setTimeout(done, 5_000));`);
    expect(crashes.join()).toContain('http://tenon:[redacted]@');
    expect(found(crashes)).toEqual([]);
  });
});
