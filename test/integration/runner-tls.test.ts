import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import { makeCertificates } from '../support/certificates';

const folder = mkdtempSync(join(tmpdir(), 'runner-tls-'));
let server: Server;
let pool: RunnerPool;
let url: string;
let connections = 0;

beforeAll(async () => {
  const { key, cert } = makeCertificates(folder, ['localhost']);
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end('reached'),
  );
  server.keepAliveTimeout = 60_000;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  // One process, which keeps what a former call left open.
  pool = createRunnerPool({
    size: 1,
    memoryMb: 128,
    rules: { allow: ['loopback'], overrides: [], reachable: [] },
  });
});
afterEach(() => pool.close());
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const UNCHECKED = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';`;
const PROCESS = '(globalThis.tenonTestId ??= Math.random())';
const ways = {
  fetch: (to: string) => `await (await fetch('${to}')).text()`,
  https: (to: string) => `await new Promise((done, fail) => require('https').get('${to}', (response) => {
    let text = ''; response.on('data', (one) => { text += one; }).on('end', () => done(text)); }).on('error', fail))`,
};

/** What the call saw, and the process that it ran in. */
async function run(body: string): Promise<[string, number]> {
  const text = `module.exports = async () => { let said; try { said = await (async () => { ${body} })(); }
    catch (error) { said = String(error.cause?.code ?? error.code); } return { data: [said, ${PROCESS}] }; }`;
  const outcome = await pool.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code: text },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: [string, number] }).data;
}

describe.each(['fetch', 'https'] as const)(
  'a connection that %s opened without a check of certificates',
  (way) => {
    const asking = () => `return ${ways[way](url)};`;

    it('serves no call that checks them, in the same process or beside it', async () => {
      const [first, id] = await run(UNCHECKED + asking());
      expect(first).toBe('reached');
      const before = connections;
      expect(await run(asking())).toEqual([expect.stringMatching(/CERT|VERIFY|SIGNED/), id]);
      const both = await Promise.all([run(UNCHECKED + asking()), run(asking())]);
      expect(both).toEqual([
        ['reached', id],
        [expect.stringMatching(/CERT|VERIFY|SIGNED/), id],
      ]);
      // It was kept, and another call that does not check has used it.
      expect(connections - before).toBe(2);
    });

    it('is found out by a call that did check before', async () => {
      const [first, id] = await run(asking());
      expect(first).toMatch(/CERT|VERIFY|SIGNED/);
      expect(await run(UNCHECKED + asking())).toEqual(['reached', id]);
      const defined = `Object.defineProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED', { value: '0', writable: true,
      enumerable: true, configurable: true });`;
      expect(await run(defined + asking())).toEqual(['reached', id]);
      expect(await run(asking())).toEqual([expect.stringMatching(/CERT|VERIFY|SIGNED/), id]);
    });
  },
);

it('counts for the agents of a package, too, and what an agent says comes before the variable', async () => {
  const by = (agent: string) =>
    `const https = require('https'); globalThis.kept ??= new Map(); const key = ${JSON.stringify(agent)};
     if (!kept.has(key)) kept.set(key, new https.Agent(${agent}));
     return await new Promise((done, fail) => https.get('${url}', { agent: kept.get(key) }, (response) => {
       response.resume().on('end', () => done('reached')); }).on('error', fail));`;
  const own = by('{ keepAlive: true }');
  expect((await run(UNCHECKED + own))[0]).toBe('reached');
  expect((await run(own))[0]).toMatch(/CERT|VERIFY|SIGNED/);
  expect((await run(by('{ keepAlive: true, rejectUnauthorized: false }')))[0]).toBe('reached');
  const strict = by('{ keepAlive: true, rejectUnauthorized: true }');
  expect((await run(UNCHECKED + strict))[0]).toMatch(/CERT|VERIFY|SIGNED/);
});
