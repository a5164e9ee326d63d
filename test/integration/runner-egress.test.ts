import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';

const SOCKET = join(tmpdir(), `runner-egress-${process.pid}.sock`);
const MONGO_SOCKET = join(tmpdir(), `mongodb-${process.pid}.sock`);
let denied: Server;
let allowed: Server;
let sockets: Server[];
let pool: RunnerPool;
let hits = 0;

async function listen(where: number | string): Promise<Server> {
  const server = createServer((_request, response) => {
    hits += 1;
    response.end('reached');
  });
  server.listen(where);
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  denied = await listen(0);
  allowed = await listen(0);
  sockets = [await listen(SOCKET), await listen(MONGO_SOCKET)];
  pool = createRunnerPool({ size: 1, memoryMb: 128, denyAddresses: [`127.0.0.1:${portOf(denied)}`, SOCKET] });
});
beforeEach(() => {
  hits = 0;
});
afterAll(async () => {
  await pool.close();
  for (const server of [denied, allowed, ...sockets]) {
    server.closeAllConnections();
    server.close();
  }
});

const runCode = (code: string): Promise<PerformOutcome> =>
  pool.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code: `module.exports = async () => { ${code} }` },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
const messageOf = (outcome: PerformOutcome) => (outcome.ok ? 'reached' : outcome.error.message);
const raw = (connect: string) => `await new Promise((done, fail) => {
  const net = require('net'); const tls = require('tls');
  ${connect}.once('connect', done).once('error', fail);
});`;

describe('a denied address', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '127.1', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'is out of reach of fetch as %s',
    async (host) => {
      const outcome = await runCode(`await fetch('http://${host}:${portOf(denied)}/')`);
      expect(messageOf(outcome)).toMatch(
        /fetch failed.*: Component code may not connect to .*servers that Tenon itself runs on/,
      );
      expect(hits).toBe(0);
    },
  );

  it.each([
    (port: number) => `net.connect(${port})`,
    (port: number) => `net.connect(${port}, '127.0.0.1')`,
    (port: number) => `net.connect('${port}', 'localhost')`,
    (port: number) => `net.createConnection({ port: ${port}, host: '127.0.0.2' })`,
    (port: number) => `new net.Socket().connect({ port: ${port}, host: '::' })`,
    (port: number) =>
      `net.connect({ port: ${port}, host: 'innocent.example', lookup: (n, o, cb) => cb(null, [{ address: '127.0.0.1', family: 4 }]) })`,
    (port: number) => `tls.connect({ port: ${port}, host: '127.0.0.1' })`,
    () => `net.connect('${SOCKET}')`,
    () => `net.connect({ path: '${tmpdir()}/./${SOCKET.split('/').at(-1)}' })`,
    () => `net.connect('${MONGO_SOCKET}')`,
  ])('is out of reach of %p', async (connect) => {
    expect(messageOf(await runCode(raw(connect(portOf(denied)))))).toMatch(/may not connect to/);
    expect(hits).toBe(0);
  });

  it('is out of reach of the http component', async () => {
    const url = `http://localhost:${portOf(denied)}/`;
    const outcome = await pool.perform(
      {
        component: { key: 'http', isPublic: true, version: 1, signature: '' },
        kind: 'action',
        key: 'httpGet',
        context: {},
        params: { url },
      },
      { timeoutMs: 20_000, onLog: () => {} },
    );
    expect(messageOf(outcome)).toMatch(/may not connect to localhost/);
  });
});

describe('any other address', () => {
  it.each(['127.0.0.1', 'localhost'])(
    'is reached as %s, also at another port of the same host',
    async (host) => {
      const outcome = await runCode(
        `return { data: await (await fetch('http://${host}:${portOf(allowed)}/')).text() }`,
      );
      expect(outcome).toMatchObject({ ok: true, result: { data: 'reached' } });
    },
  );

  it('is reached in every form of connect', async () => {
    const port = portOf(allowed);
    expect(messageOf(await runCode(raw(`net.connect(${port})`)))).toBe('reached');
    expect(messageOf(await runCode(raw(`net.connect(${port}, '127.0.0.1', () => {})`)))).toBe('reached');
    expect(
      messageOf(await runCode(raw(`new net.Socket().connect({ port: ${port}, host: 'localhost' })`))),
    ).toBe('reached');
  });
});
