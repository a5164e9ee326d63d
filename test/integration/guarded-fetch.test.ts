import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createGuardedFetch } from '../../src/net/guarded-fetch';
import type { NetworkRules } from '../../src/net/network-rules';

let server: Server;
let origin: string;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/' });
    response.end(`reached ${request.headers.host}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  origin = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const fetchWith = (rules: Partial<NetworkRules>, denied: string[] = []) =>
  createGuardedFetch({ rules: { allow: [], overrides: [], reachable: [], ...rules }, denied });

/** The text of the answer, or why there is none. */
async function get(guarded: typeof fetch, url: string): Promise<string> {
  try {
    return await (await guarded(url)).text();
  } catch (error) {
    return String((error as Error).cause);
  }
}

describe('a request to an address that a tenant chose', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '0', '[::ffff:127.0.0.1]', '10.1.2.3', '169.254.169.254'])(
    'reaches no %s unless the operator allows it',
    async (host) => {
      expect(await get(fetchWith({}), `http://${host}:${port}/`)).toMatch(/private, local or metadata/);
    },
  );

  it('reaches what is allowed by range or by name, and is stopped at a redirect elsewhere', async () => {
    expect(await get(fetchWith({ allow: ['127.0.0.0/8'] }), `${origin}/`)).toMatch(/^reached/);
    expect(await get(fetchWith({ allow: ['localhost'] }), `http://localhost:${port}/`)).toMatch(/^reached/);
    expect(await get(fetchWith({ allow: ['localhost'] }), `${origin}/`)).toMatch(/private, local/);
    expect(await get(fetchWith({ allow: ['loopback'] }), `${origin}/away`)).toMatch(/private, local/);
  });

  it('never reaches our own servers', async () => {
    const guarded = fetchWith({ allow: ['loopback'] }, [`127.0.0.1:${port}`]);
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await get(guarded, `http://${host}:${port}/`)).toMatch(/servers that Tenon itself runs on/);
  });

  it('goes where the operator leads a name', async () => {
    const overrides = [{ host: 'auth.partner.example', address: '127.0.0.1', port }];
    expect(await get(fetchWith({ overrides }), 'http://auth.partner.example/')).toBe(
      'reached auth.partner.example',
    );
  });

  it('is checked as well when a proxy would make it', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.url}`);
      response.end('proxied');
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.url}`);
      const target = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      target.pipe(socket).pipe(target);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const at = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const rules = { proxy: { url: `http://${at}`, exempt: [] }, reachable: [at] };
    const denied = [`127.0.0.1:${port}`, 'name:ui.partner.invalid:80'];
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'ui.partner.invalid'])
      expect(await get(fetchWith(rules, denied), `http://${host}/`)).toMatch(
        /servers that Tenon itself runs/,
      );
    for (const url of [`http://169.254.169.254/`, `http://localhost:${port}/`, 'https://10.0.0.1/'])
      expect(await get(fetchWith(rules), url)).toMatch(/private, local or metadata/);
    expect(asked).toEqual([]);
    // Only the proxy may know this one.
    await get(fetchWith(rules, denied), 'http://auth.partner.invalid/');
    expect(asked.join()).toMatch(/auth\.partner\.invalid/);
    proxy.closeAllConnections();
    proxy.close();
  });
});
