import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const MAIN = join(__dirname, '..', '..', 'dist', 'api', 'main.js');

/** An API process as `npm start` runs it. */
function startProcess(env: Record<string, string>) {
  const child = fork(MAIN, { env: { PATH: process.env['PATH'] ?? '', ...env }, silent: true });
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  return { child, messages, stderr: () => stderr, ended: once(child, 'exit') as Promise<[number | null]> };
}

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await listening();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the API process', () => {
  const children: ChildProcess[] = [];
  const start = (env: Record<string, string>) => {
    const started = startProcess(env);
    children.push(started.child);
    return started;
  };
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  test('says ready when it is, and ends cleanly at SIGTERM with its idle connections', async () => {
    const port = await freePort();
    const { child, messages, ended } = start(testEnvironment({ TENON_PORT: String(port) }));
    await until('the message', () => messages.length > 0);
    expect(messages).toEqual([{ type: 'ready', url: `http://127.0.0.1:${port}` }]);
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/health/ready`);
    expect(await response.json()).toEqual({ status: 'ready', mongodb: 'ok', temporal: 'ok' });
    const startedMs = Date.now();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(Date.now() - startedMs).toBeLessThan(4000);
  });

  test('ends when its parent is gone', async () => {
    const { child, messages, ended } = start(testEnvironment({ TENON_PORT: String(await freePort()) }));
    await until('the message', () => messages.length > 0);
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  test('started before MongoDB answers 503 with Retry-After, lives, and opens its doors by itself', async () => {
    const env = testEnvironment();
    const target = new URL(env['TENON_MONGODB_URI']!);
    const [host = '', port = ''] = target.host.split(':');
    // Nobody listens there yet; later a relay does.
    const relayPort = await freePort();
    const uri = new URL(target);
    uri.host = `127.0.0.1:${relayPort}`;
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    const apiPort = await freePort();
    const url = `http://127.0.0.1:${apiPort}`;
    const api = start({ ...env, TENON_MONGODB_URI: uri.href, TENON_PORT: String(apiPort) });
    await until('the process to listen', () => fetch(url).catch(() => undefined));
    for (const path of ['/api/v1/customers', '/api', '/trigger/x', '/api/v1/health/ready']) {
      const answer = await fetch(`${url}${path}`, { method: path.endsWith('i') ? 'POST' : 'GET' });
      expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '2']);
      expect(await answer.json()).toMatchObject({ code: 'dependency_unavailable', retryable: true });
    }
    expect((await fetch(`${url}/api/v1/health/live`)).status).toBe(200);
    expect(api.messages).toEqual([]);
    const relay = await startRelay(relayPort, host, Number(port));
    try {
      await until('the message', () => api.messages.length > 0);
      expect((await fetch(`${url}/api/v1/customers`)).status).toBe(401);
      api.child.kill('SIGTERM');
      expect(await api.ended).toEqual([0, null]);
    } finally {
      relay.close();
    }
  });

  test('asked to stop while it waits for MongoDB, stops', async () => {
    const port = await freePort();
    const uri = `mongodb://127.0.0.1:${await freePort()}/none`;
    const api = start(testEnvironment({ TENON_PORT: String(port), TENON_MONGODB_URI: uri }));
    await until('the process to listen', () => fetch(`http://127.0.0.1:${port}`).catch(() => undefined));
    api.child.kill('SIGINT');
    expect(await api.ended).toEqual([0, null]);
  });

  test('gives one sentence and exit code 1 for a taken port, and every fault of its environment at once', async () => {
    const { server, port } = await listening();
    const taken = start(testEnvironment({ TENON_PORT: String(port), TENON_LOG_LEVEL: 'silent' }));
    expect(await taken.ended).toEqual([1, null]);
    expect(taken.stderr().trim()).toBe(`Port ${port} of 127.0.0.1 is taken; choose another with TENON_PORT.`);
    server.close();
    const wrong = start(testEnvironment({ TENON_PORT: 'x', TENON_ENCRYPTION_KEYS: 'short' }));
    expect(await wrong.ended).toEqual([1, null]);
    for (const name of ['TENON_PORT', 'TENON_ENCRYPTION_KEYS']) expect(wrong.stderr()).toContain(name);
  });
});

/** Passes connections on, from `port` to the real server. */
async function startRelay(port: number, targetHost: string, targetPort: number): Promise<Server> {
  const relay = createServer((socket) => {
    const upstream = connect(targetPort, targetHost);
    socket.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  return relay;
}
