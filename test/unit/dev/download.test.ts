import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBytes, download } from '../../../src/dev/servers/download';
import { mongodArchive } from '../../../src/dev/servers/mongod-binary';
import { temporalArchive } from '../../../src/dev/servers/temporal-binary';

const BYTES = Buffer.alloc(200_000, 'x');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

describe('a download', () => {
  let server: Server | undefined;
  let folder: string;
  const done: string[] = [];
  const around = {
    env: {},
    signal: new AbortController().signal,
    progress: { note() {}, task: () => ({ update() {}, done: (text = '') => void done.push(text) }) },
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-download-'));
    done.length = 0;
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const target = () => join(folder, 'file');

  test('with the right checksum is kept, over redirects too', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
      else response.writeHead(200, { 'content-length': BYTES.length }).end(BYTES);
    });
    await download({ label: 'it', url: `${origin}/old`, sha256: SHA256 }, target(), around);
    expect(readFileSync(target())).toEqual(BYTES);
    expect(done).toEqual(['100 % of 0.2 MB']);
  });

  test('with another checksum is refused', async () => {
    const origin = await serve((_request, response) => response.end('something else'));
    const wrong = createHash('sha256').update('something else').digest('hex');
    await expect(download({ label: 'it', url: origin, sha256: SHA256 }, target(), around)).rejects.toThrow(
      `its SHA-256 is ${wrong}, not ${SHA256}; it was thrown away`,
    );
  });

  test('may take its checksum from a file beside it', async () => {
    const origin = await serve((request, response) =>
      response.end(request.url === '/it.sha256' ? `${SHA256}  it\n` : BYTES),
    );
    const what = { label: 'it', url: `${origin}/it`, sha256: { url: `${origin}/it.sha256` } };
    await download(what, target(), around);
    expect(readFileSync(target())).toEqual(BYTES);
  });

  test('says what the server answered', async () => {
    const origin = await serve((_request, response) => response.writeHead(403).end());
    await expect(download({ label: 'it', url: origin, sha256: SHA256 }, target(), around)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered 403$/,
    );
  });

  test('says which host cannot be reached', async () => {
    const origin = await serve(() => undefined);
    await new Promise((resolve) => server!.close(resolve));
    server = undefined;
    await expect(download({ label: 'it', url: origin, sha256: SHA256 }, target(), around)).rejects.toThrow(
      `${new URL(origin).host} cannot be reached (ECONNREFUSED)`,
    );
  });

  test('gives up on a server that does not begin to answer within five seconds', async () => {
    const origin = await serve(() => undefined);
    const started = Date.now();
    await expect(download({ label: 'it', url: origin, sha256: SHA256 }, target(), around)).rejects.toThrow(
      /^no answer from 127\.0\.0\.1:\d+ within 5 s$/,
    );
    expect(Date.now() - started).toBeLessThan(7_000);
  });

  test('tells how far it is', () => {
    expect(describeBytes(21_000_000, 42_156_333)).toBe('49 % of 42.2 MB');
    expect(describeBytes(1_500_000, undefined)).toBe('1.5 MB');
  });
});

describe('the official archives', () => {
  const systems = [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ] as const;

  test.each(systems)('for %s %s are pinned by SHA-256', (platform, arch) => {
    for (const archive of [mongodArchive(platform, arch, '2.39'), temporalArchive(platform, arch)]) {
      expect(archive?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(archive?.url).toMatch(/^https:\/\//);
    }
  });

  test('for an older C library are other builds, checked by the checksum that MongoDB publishes', () => {
    const archive = mongodArchive('linux', 'x64', '2.36');
    expect(archive?.url).toContain('ubuntu2204');
    expect(archive?.sha256).toEqual({ url: `${archive?.url}.sha256` });
    expect(mongodArchive('linux', 'x64', '2.41')?.url).toContain('ubuntu2404');
  });

  test('do not exist for other systems', () => {
    expect(mongodArchive('win32', 'x64', undefined)).toBeUndefined();
    expect(temporalArchive('linux', 'riscv64')).toBeUndefined();
  });
});
