import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import type { NetworkRules } from '../../src/net/network-rules';
import { makeCertificates } from '../support/certificates';

const folder = mkdtempSync(join(tmpdir(), 'runner-network-'));
const pools: RunnerPool[] = [];
let plain: Server;
let secure: Server;
let proxy: Server;
/** What the proxy was asked for. */
let proxied: string[] = [];
/** Connections to the plain server. */
let reached = 0;

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A proxy as companies have them: whole addresses for plain requests, tunnels for others; it knows one name. */
function createProxy(): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    proxied.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    const { pathname } = new URL(request.url ?? '');
    const answered = await fetch(`http://127.0.0.1:${portOf(plain)}${pathname}`);
    response.end(await answered.text());
  };
  const server = createServer((request, response) => void answer(request, response));
  server.on('connect', (request: IncomingMessage, socket) => {
    proxied.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
    const target = connect(portOf(secure), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  return server;
}

let caFile: string;

beforeAll(async () => {
  const { ca, key, cert } = makeCertificates(folder, ['api.partner.example']);
  caFile = ca;
  plain = await listen(
    createServer((request, response) => {
      if (request.url === '/away')
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' });
      response.end(`plain ${request.headers.host}`);
    }),
  );
  plain.on('connection', () => {
    reached += 1;
  });
  secure = await listen(
    createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) =>
      response.end(`secure ${request.headers.host}`),
    ),
  );
  proxy = await listen(createProxy());
});
beforeEach(() => {
  proxied = [];
  reached = 0;
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  for (const server of [plain, secure, proxy]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

function poolWith(rules: Partial<NetworkRules>, options: { caFile?: string; denyAddresses?: string[] } = {}) {
  const all = { allow: [], overrides: [], reachable: [], ...rules };
  const pool = createRunnerPool({ size: 1, memoryMb: 128, rules: all, ...options });
  pools.push(pool);
  return pool;
}

async function run(pool: RunnerPool, body: string): Promise<unknown> {
  const outcome: PerformOutcome = await pool.perform(
    {
      component: { key: 'code', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key: 'runCode',
      context: {},
      params: { code: `module.exports = async () => { ${body} }` },
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
  return outcome.ok ? (outcome.result as { data: unknown }).data : outcome.error.message;
}

const byFetch = (url: string) => `return { data: await (await fetch('${url}')).text() };`;
const byHttp = (url: string) => `const http = require('${url.startsWith('https') ? 'https' : 'http'}');
  return { data: await new Promise((done, fail) => http.get('${url}', (response) => {
    let text = ''; response.on('data', (one) => { text += one; }).on('end', () => done(text));
  }).on('error', fail)) };`;
const REFUSED =
  /Component code may not connect to .*private, local or metadata address.*TENON_ALLOW_ADDRESSES/;

describe('component code that an operator allowed nothing', () => {
  const pool = () => (pools[0] ??= poolWith({}));

  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '0.0.0.0',
    '2130706433',
    '[::ffff:127.0.0.1]',
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[64:ff9b::a00:1]',
    '168.63.129.16',
  ])('is refused %s, by fetch and by Node’s own module', async (host) => {
    expect(await run(pool(), byFetch(`http://${host}:${portOf(plain)}/`))).toMatch(REFUSED);
    expect(await run(pool(), byHttp(`http://${host}:${portOf(plain)}/`))).toMatch(REFUSED);
  });

  it('cannot look a name up by itself and lead it to a private address', async () => {
    const own = `const http = require('http');
      return { data: await new Promise((done, fail) => http.get({ host: 'public.example', port: ${portOf(plain)},
        lookup: (name, options, back) => back(null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4) },
        (response) => { response.resume(); done('reached'); }).on('error', fail)) };`;
    expect(await run(pool(), own)).toMatch(REFUSED);
  });

  it('cannot lead an open name elsewhere by a lookup of its own', async () => {
    const port = portOf(plain);
    const own = poolWith({ reachable: [`api.example.invalid:${port}`], allow: ['*.open.invalid'] });
    const code = (host: string) => `const net = require('net'); const dns = require('dns');
      const forge = (name, options, back) => (back ?? options)(null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
      dns.lookup = forge;
      return { data: await new Promise((done, fail) =>
        net.connect({ port: ${port}, host: '${host}', lookup: forge }, () => done('reached')).on('error', fail)) };`;
    for (const host of ['api.example.invalid', 'any.open.invalid'])
      expect(await run(own, code(host))).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(await run(own, byHttp(`http://127.0.0.1:${port}/`))).toMatch(REFUSED);
  });

  it.each([
    'Array.prototype.includes = () => true;',
    'Array.prototype.some = () => true;',
    'Array.prototype[Symbol.iterator] = function* () {};',
    'Map.prototype.get = () => ({ host: "127.0.0.1", address: "127.0.0.1" });',
    'String.prototype.endsWith = String.prototype.startsWith = () => true;',
    'Object.prototype["127.0.0.1"] = { host: "127.0.0.1", address: "127.0.0.1" };',
    'RegExp.prototype.exec = () => null;',
    'net.isIP = () => 0;',
    'net.BlockList.prototype.check = () => false;',
    'Function.prototype.call = Function.prototype.apply = () => false;',
    'Object.getPrototypeOf(Object.getOwnPropertySymbols(list).map((one) => list[one])[0]).check = () => false;',
  ])('stays refused what is private after %s', async (patch) => {
    const own = poolWith({ allow: ['*.partner.example'] });
    // Put back in the same turn, before anyone could notice.
    const code = `const net = require('net'); const list = new net.BlockList();
      const kept = [Object.prototype, Array.prototype, Map.prototype, String.prototype, RegExp.prototype, Function.prototype]
        .map((one) => [one, Object.getOwnPropertyDescriptors(one)]);
      const socket = new net.Socket();
      const ended = new Promise((done) => socket.on('error', (error) => done(error.code)).on('connect', () => done('reached')));
      const { defineProperties, ownKeys } = { defineProperties: Object.defineProperties, ownKeys: Reflect.ownKeys };
      try { ${patch} socket.connect({ port: ${portOf(plain)}, host: '127.0.0.1' }); } catch {} finally {
        for (let at = 0; at < kept.length; at += 1) {
          const keys = ownKeys(kept[at][0]);
          for (let each = 0; each < keys.length; each += 1) if (!(keys[each] in kept[at][1]) || at === 0 && keys[each] === '127.0.0.1') delete kept[at][0][keys[each]];
          defineProperties(kept[at][0], kept[at][1]);
        }
      }
      const answered = await Promise.race([ended, new Promise((done) => setTimeout(done, 2000, 'none'))]);
      return { data: answered };`;
    expect(await run(own, code)).toMatch(/EACCES|none/);
    expect(reached).toBe(0);
    await own.close();
  });

  it('reaches no local socket', async () => {
    const code = `await new Promise((done, fail) => require('net').connect('/var/run/docker.sock').on('error', fail).on('connect', done));`;
    expect(await run(pool(), code)).toMatch(/may not connect to the local socket \/var\/run\/docker\.sock/);
  });

  it('reaches the API of its own system all the same', async () => {
    const port = portOf(plain);
    const own = poolWith({ reachable: [`localhost:${port}`, `127.0.0.1:${port}`] });
    expect(await run(own, byFetch(`http://localhost:${port}/`))).toBe(`plain localhost:${port}`);
    expect(await run(own, byHttp(`http://127.0.0.1:${port}/`))).toBe(`plain 127.0.0.1:${port}`);
    expect(await run(own, byFetch(`http://127.0.0.1:${portOf(proxy)}/`))).toMatch(REFUSED);
  });
});

describe('component code whose operator', () => {
  it('allows loopback reaches it, but a redirect to another private address is refused', async () => {
    const pool = poolWith({ allow: ['loopback'] });
    const origin = `http://127.0.0.1:${portOf(plain)}`;
    expect(await run(pool, byFetch(`${origin}/`))).toMatch(/^plain/);
    expect(await run(pool, byFetch(`${origin}/away`))).toMatch(REFUSED);
  });

  it('allows a name reaches it, and no other name at the same address', async () => {
    const pool = poolWith({ allow: ['localhost'] });
    expect(await run(pool, byHttp(`http://127.0.0.1:${portOf(plain)}/`))).toMatch(REFUSED);
    expect(await run(pool, byHttp(`http://localhost:${portOf(plain)}/`))).toMatch(/^plain/);
  });

  it('allows everything private still reaches none of our own servers', async () => {
    const denyAddresses = [`127.0.0.1:${portOf(plain)}`];
    const pool = poolWith({ allow: ['loopback', 'private'] }, { denyAddresses });
    expect(await run(pool, byFetch(`http://localhost:${portOf(plain)}/`))).toMatch(
      /servers that Tenon itself runs on/,
    );
  });

  it('overrides a host and trusts a certificate of his own reaches it by TLS, its name checked', async () => {
    const overrides = [
      { host: 'api.partner.example', address: '127.0.0.1', port: portOf(secure) },
      { host: 'other.partner.example', address: '127.0.0.1', port: portOf(secure) },
    ];
    const pool = poolWith({ overrides }, { caFile });
    expect(await run(pool, byFetch('https://api.partner.example/'))).toBe('secure api.partner.example');
    expect(await run(pool, byHttp('https://api.partner.example/'))).toBe('secure api.partner.example');
    expect(await run(pool, byFetch('https://other.partner.example/'))).toMatch(
      /other\.partner\.example|altnames/i,
    );
    // Without the certificate nobody is trusted.
    const stranger = poolWith({ overrides });
    expect(await run(stranger, byHttp('https://api.partner.example/'))).toMatch(/certificate|self-signed/i);
    // The address behind the override stays closed under any other name.
    expect(await run(pool, byHttp(`http://localhost:${portOf(plain)}/`))).toMatch(REFUSED);
  });

  it('has a proxy goes through it, with its password, by fetch and by Node’s own modules', async () => {
    const address = `127.0.0.1:${portOf(proxy)}`;
    const pool = poolWith(
      { reachable: [address], proxy: { url: `http://me:secret@${address}`, exempt: ['*.internal.example'] } },
      { caFile },
    );
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    for (const get of [byFetch, byHttp]) {
      proxied = [];
      expect(await run(pool, get('http://shop.example/goods'))).toMatch(/^plain/);
      expect(await run(pool, get('https://api.partner.example/x'))).toBe('secure api.partner.example');
      expect(proxied).toEqual([
        `GET http://shop.example/goods ${basic}`,
        `CONNECT api.partner.example:443 ${basic}`,
      ]);
    }
    proxied = [];
    expect(await run(pool, byHttp('http://169.254.169.254/'))).toMatch(REFUSED);
    expect(await run(pool, byFetch('http://10.0.0.1/'))).toMatch(REFUSED);
    expect(await run(pool, byHttp('http://db.internal.example/'))).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(proxied).toEqual([]);
  });

  it('has a proxy is refused our own servers and private addresses by fetch and by http alike', async () => {
    const address = `127.0.0.1:${portOf(proxy)}`;
    const denyAddresses = ['name:ui.partner.invalid:80', 'mongo.partner.invalid:27017'];
    const rules = { reachable: [address], proxy: { url: `http://${address}`, exempt: [] } };
    const pool = poolWith(rules, { denyAddresses });
    for (const get of [byFetch, byHttp]) {
      for (const host of ['ui.partner.invalid', 'mongo.partner.invalid:27017'])
        expect(await run(pool, get(`http://${host}/`))).toMatch(/servers that Tenon itself runs on/);
      expect(await run(pool, get('http://169.254.169.254/'))).toMatch(REFUSED);
      expect(proxied).toEqual([]);
      // Nobody here knows this name: the proxy may.
      expect(await run(pool, get('http://shop.partner.invalid/'))).toMatch(/^plain/);
      proxied = [];
    }
    // A plain request goes where its Host header says.
    const code = `return { data: await new Promise((done, fail) => require('http').get({ host: 'shop.partner.invalid',
      headers: { host: '169.254.169.254' } }, () => done('reached')).on('error', fail)) };`;
    expect(await run(pool, code)).toMatch(REFUSED);
    expect(proxied).toEqual([]);
  });
});

describe('component code', () => {
  it('sees no requests of others by replacing the functions that they call, which loads all the same', async () => {
    const pool = poolWith({ allow: ['loopback'] });
    const code = `'use strict'; const spied = [];
      for (const [target, key] of [[globalThis, 'fetch'], [require('http'), 'request'], [require('http'), 'get'],
        [require('https'), 'request'], [require('net'), 'connect'], [require('tls'), 'connect'], [require('dns'), 'lookup']]) {
        const spy = () => spied.push(key);
        target[key] = spy;
        try { Object.defineProperty(target, key, { value: spy }); } catch {}
        if (target[key] === spy) spied.push(key);
      }
      return { data: [spied, await (await fetch('http://127.0.0.1:${portOf(plain)}/')).text()] };`;
    expect(await run(pool, code)).toEqual([[], `plain 127.0.0.1:${portOf(plain)}`]);
  });

  it('sees no lookups under way, whose answers it could make up', async () => {
    const pool = poolWith({ allow: ['loopback'] });
    const code = `const seen = []; const hooks = require('async_hooks');
      hooks.createHook({ init: (_id, type, _trigger, resource) => { if (/ADDRINFO/.test(type)) seen.push(resource); } }).enable();
      const asked = new Promise((done) => require('dns').lookup('localhost', (error, address) => done(address)));
      seen.push(...process._getActiveRequests(), ...process._getActiveHandles());
      return { data: [seen.length, typeof await asked] };`;
    expect(await run(pool, code)).toEqual([0, 'string']);
  });
});
