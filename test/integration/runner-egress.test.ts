import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBundle } from '../../src/components/runner/describe-bundle';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';

const OWN = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ address, family }) => family === 'IPv4' && !address.startsWith('127.'))
  .map(({ address }) => address);
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

const runCode = (code: string, runners = pool): Promise<PerformOutcome> =>
  runners.perform(
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
/** Looks for whatever takes a list of addresses among the modules that are loaded, and hands it an empty one. */
const FORGET = `
  const found = []; const seen = new Set();
  const walk = (one) => { if (!one || seen.has(one)) return; seen.add(one); found.push(one); (one.children ?? []).forEach(walk); walk(one.parent); };
  Object.values(require.cache ?? {}).forEach(walk); walk(process.mainModule); walk(require.main);
  for (const { exports } of found) {
    if (!exports) continue;
    try { await exports.denyEgress?.([]); exports.denyAtHandles?.({ ports: [] }); exports.openAtHandles?.('127.0.0.1', 9); } catch {}
    for (const name of ['isLoopback', 'holds', 'readAddress', 'has', 'isRefused']) if (exports[name]) try { exports[name] = () => false; } catch {}
  }`;
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
    (port: number) => `require('http').get('http://127.0.0.1:${port}').once('response', fail)`,
    (port: number) => `require('https').get('https://localhost:${port}')`,
    (port: number) => `require('http2').connect('http://127.0.0.1:${port}')`,
    (port: number) => `net.connect(${port}, '${hostname()}')`,
    (port: number) => `net.connect(${port}, 'LOCALHOST')`,
    (port: number) => `net.connect({ port: ${port}, host: '::ffff:127.0.0.1', family: 6 })`,
    (port: number) => `net.connect({ port: ${port}, host: '0:0:0:0:0:ffff:7f00:1' })`,
    ...OWN.map((address) => (port: number) => `net.connect(${port}, '${address}')`),
    () => `net.connect('${SOCKET}')`,
    () => `net.connect('/proc/self/root${SOCKET}')`,
    () => `net.connect({ path: '${tmpdir()}/./${SOCKET.split('/').at(-1)}' })`,
    () => `net.connect('${MONGO_SOCKET}')`,
  ])('is out of reach of %p', async (connect) => {
    expect(messageOf(await runCode(raw(connect(portOf(denied)))))).toMatch(/may not connect to/);
    expect(hits).toBe(0);
  });

  it('is out of reach below the sockets, with what code can get hold of there', async () => {
    // The class of a handle and of its request, taken from a connection that is allowed.
    const code = `
      const net = require('net');
      const first = net.connect(${portOf(allowed)}, '127.0.0.1');
      const handle = Object.getPrototypeOf(first._handle);
      const refused = [];
      for (const method of ['connect', 'connect6']) {
        try { handle[method] = () => 0; } catch {}
        try { Object.defineProperty(handle, method, { value: () => 0 }); } catch (error) { refused.push(error.name); }
      }
      await new Promise((done) => first.once('connect', done));
      const Handle = first._handle.constructor;
      String.prototype.includes = () => false;
      Array.prototype.some = () => false;
      const codes = [
        new Handle(0).connect({}, '127.0.0.1', ${portOf(denied)}),
        new Handle(0).connect({}, '127.0.0.1', ${portOf(denied)} + 65536),
        new Handle(0).connect({}, '127.9.9.9', { valueOf: () => ${portOf(denied)} }),
        new Handle(0).connect6({}, '::ffff:7f00:1', '${portOf(denied)}'),
        new Handle(0).connect6({}, '::1%lo', ${portOf(denied)}),
      ];
      first.destroy();
      return { data: { refused, codes } };`;
    const outcome = await runCode(code);
    const EACCES = -13;
    expect(outcome).toMatchObject({
      ok: true,
      result: { data: { refused: ['TypeError', 'TypeError'], codes: Array(5).fill(EACCES) } },
    });
    expect(hits).toBe(0);
  });

  it.each([
    [
      'a message as of the worker',
      `process.emit('message', [{ type: 'deny', addresses: ['127.0.0.1:9'] }]);`,
    ],
    ['the guard’s own modules', FORGET],
    [
      'lists of addresses that take none',
      'const { BlockList } = require("net"); BlockList.prototype.addSubnet = BlockList.prototype.addAddress = () => {};' +
        `process.emit('message', [{ type: 'deny', addresses: [] }]);`,
    ],
  ])('stays out of reach after %s', async (_what, code) => {
    const own = createRunnerPool({ size: 1, memoryMb: 128, denyAddresses: [`127.0.0.1:${portOf(denied)}`] });
    await runCode(`${code} await new Promise((done) => setTimeout(done, 300));`, own);
    const outcome = await runCode(
      `${code} await new Promise((done) => setTimeout(done, 300)); await fetch('http://127.0.0.1:${portOf(denied)}/');`,
      own,
    );
    expect(messageOf(outcome)).toMatch(/may not connect to/);
    expect(hits).toBe(0);
    await own.close();
  });

  it('is out of reach of datagrams', async () => {
    const code = `
      const dgram = require('dgram');
      const sent = await new Promise((done) =>
        dgram.createSocket('udp4').send('x', ${portOf(denied)}, '127.0.0.1', (error) => done(error?.code)));
      const connected = await new Promise((done) => {
        const socket = dgram.createSocket('udp4');
        socket.connect(${portOf(denied)}, '127.0.0.1', (error) => done(error?.code));
      });
      return { data: [sent, connected] };`;
    expect(await runCode(code)).toMatchObject({ ok: true, result: { data: ['EACCES', 'EACCES'] } });
  });

  it.each([
    'new (require("dns").Resolver)().setServers(servers)',
    'new (require("dns").promises.Resolver)().setServers(servers)',
    'require("dns").setServers(servers)',
    'new (require("dns").Resolver)()._handle.setServers([[4, "127.0.0.1", 53]])',
  ])('is asked for no names by %s', async (code) => {
    const outcome = await runCode(`const servers = ['127.0.0.1:${portOf(denied)}']; ${code};`);
    expect(messageOf(outcome)).toMatch(/may not choose the servers that answer its DNS lookups/);
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

describe('a package that is looked at', () => {
  it('can ask nobody for a name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'runner-egress-'));
    const path = join(folder, 'index.js');
    writeFileSync(
      path,
      `const dns = require('dns'); const faults = [];
      const attempt = (ask) => { try { const asked = ask(); return asked?.catch?.(() => {}); } catch (error) { faults.push(error.code); } };
      attempt(() => dns.resolve4('a.invalid', () => {}));
      attempt(() => new dns.Resolver().resolveTxt('a.invalid', () => {}));
      attempt(() => new dns.Resolver().setServers(['127.0.0.1:${portOf(denied)}']));
      attempt(() => dns.lookup('a.invalid', () => {}));
      attempt(() => dns.promises.lookup('a.invalid'));
      exports.default = { key: faults.join(), display: { label: 'l', description: '', iconPath: '' }, public: false, actions: {}, triggers: {}, dataSources: {}, connections: [] };`,
    );
    const described = JSON.stringify(await describeBundle(path, {}));
    rmSync(folder, { recursive: true });
    expect(described).toContain('"EACCES,EACCES,ERR_ACCESS_DENIED"');
  });
});

describe('the rest of a server', () => {
  it('is denied too: further ports of the process that holds a denied one', async () => {
    const script = `const { createServer } = require('http');
      const open = () => new Promise((done) => { const s = createServer((_q, r) => r.end('reached')).listen(0, '127.0.0.1', () => done(s.address().port)); });
      Promise.all([open(), open()]).then((ports) => console.log(ports.join()));`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const [first, second] = printed.toString().trim().split(',').map(Number);
    const own = createRunnerPool({ size: 1, memoryMb: 128, denyAddresses: [`localhost:${first}`] });
    try {
      const code = (port: number | undefined) => `await fetch('http://127.0.0.1:${port}/')`;
      expect(messageOf(await runCode(code(first), own))).toMatch(/may not connect to/);
      if (process.platform !== 'linux')
        return void process.stdout.write('Further ports are found on Linux only.\n');
      expect(messageOf(await runCode(code(second), own))).toMatch(/may not connect to/);
      expect(messageOf(await runCode(code(portOf(allowed)), own))).toBe('reached');
    } finally {
      child.kill();
      await own.close();
    }
  });

  it('behind a proxy is denied by name alone', async () => {
    const port = portOf(allowed);
    const own = createRunnerPool({ size: 1, memoryMb: 128, denyAddresses: [`name:localhost:${port}`] });
    expect(messageOf(await runCode(`await fetch('http://localhost:${port}/')`, own))).toMatch(
      /may not connect/,
    );
    expect(messageOf(await runCode(`await fetch('http://127.0.0.1:${port}/')`, own))).toBe('reached');
    await own.close();
  });
});
