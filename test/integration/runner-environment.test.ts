import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { callBundle, type PlacedBundle, placeBundle, resultOf } from '../support/package-runner';

/** As libraries that are configured by variables, some of which they set themselves. */
const SOURCE = `
'use strict';
process.env.OF_BUNDLE = 'set at load';
process.env.NODE_ENV = 'staging';
exports.default = { actions: { look: { perform: async () => {
  const before = [process.env.OF_BUNDLE, process.env.NODE_ENV, process.env.OF_CALL];
  process.env.OF_CALL = 'set by a call';
  process.env.OF_BUNDLE = 'changed by a call';
  await new Promise((done) => setTimeout(done, 20));
  return { data: [...before, process.env.OF_CALL] };
} } } };`;

let folder: string;
let pool: RunnerPool;
let bundle: PlacedBundle;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
  const built = join(folder, 'index.js');
  writeFileSync(built, SOURCE);
  pool = createRunnerPool({ size: 1, memoryMb: 128, rules: { allow: [], overrides: [], reachable: [] } });
  bundle = placeBundle(pool, built);
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of the process that runs it. */
const ID = '(globalThis.tenonTestId ??= Math.random())';
const CODE = { key: 'code', isPublic: true, version: 1, signature: '' };
async function run(body: string): Promise<unknown> {
  const params = { code: `'use strict'; module.exports = async () => { ${body} };` };
  const outcome = await pool.perform(
    { component: CODE, kind: 'action', key: 'runCode', context: {}, params },
    { timeoutMs: 20_000, onLog: () => {} },
  );
  return resultOf(outcome)['data'];
}
const lookOfBundle = async () =>
  resultOf(await callBundle(pool, bundle, ['action', 'look']))['data'] as unknown[];

describe('the environment variables of a call', () => {
  it('are its own: another call of the same process sees none that it set', async () => {
    const set = `process.env.LEFT = 7; process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; delete process.env.HOME;
      return { data: [process.env.LEFT, 'HOME' in process.env, ${ID}] };`;
    const [left, hasHome, id] = (await run(set)) as unknown[];
    expect([left, hasHome]).toEqual(['7', false]);
    const look = `return { data: [process.env.LEFT, process.env.NODE_TLS_REJECT_UNAUTHORIZED, 'HOME' in process.env,
      process.env.NODE_ENV, ${ID}] };`;
    expect(await run(look)).toEqual([null, null, true, 'production', id]);
  });

  it('may be replaced as a whole, and time stays where it is', async () => {
    const hours = 'new Date(0).getHours()';
    expect(await run(`process.env = { A: 1 }; return { data: [process.env.A, process.env.HOME] };`)).toEqual([
      '1',
      null,
    ]);
    expect(await run(`process.env.TZ = 'Asia/Tokyo'; return { data: ${hours} };`)).toBe(0);
    expect(await run(`return { data: [process.env.A, ${hours}] };`)).toEqual([null, 0]);
    await expect(run(`process.loadEnvFile('x')`)).rejects.toThrow(/may not read the environment/);
  });

  it('begin with what the bundle set while it loaded, which no other code sees', async () => {
    const asLoaded = ['set at load', 'staging', null, 'set by a call'];
    expect(await lookOfBundle()).toEqual(asLoaded);
    expect(await Promise.all([lookOfBundle(), lookOfBundle()])).toEqual([asLoaded, asLoaded]);
    expect(await run('return { data: [process.env.OF_BUNDLE, process.env.NODE_ENV] };')).toEqual([
      null,
      'production',
    ]);
  });
});

describe('what calls of a process share', () => {
  it('has the agents of the process as they were, and throws at nobody who changes them', async () => {
    await run(`const https = require('https'); https.globalAgent.options.rejectUnauthorized = false;
      https.globalAgent.options = {}; https.globalAgent = new https.Agent({ rejectUnauthorized: false }); return {};`);
    const look = `const { globalAgent } = require('https');
      return { data: [globalAgent.options.rejectUnauthorized, globalAgent.options.keepAlive] };`;
    expect(await run(look)).toEqual([null, true]);
  });

  it('is given up when a call replaces a global: the next one has another process', async () => {
    for (const replacing of ['globalThis.JSON = { parse: () => 1 };', 'setTimeout = () => 1;']) {
      const id = await run(`return { data: ${ID} };`);
      expect(await run(`const id = ${ID}; ${replacing} return { data: id };`)).toBe(id);
      expect(await run(`return { data: ${ID} };`)).not.toBe(id);
    }
    expect(await run('return { data: JSON.stringify([setTimeout.name]) };')).toBe('["setTimeout"]');
  });
});
