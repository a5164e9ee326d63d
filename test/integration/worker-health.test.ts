import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { startAppProcess } from '../support/app-process';
import { freePort } from '../support/free-port';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

describe('the health of a worker', () => {
  const children: ChildProcess[] = [];
  const proxies: TcpProxy[] = [];
  const start = (env: Record<string, string>, execArgv: string[] = []) => {
    const started = startAppProcess('worker', env, execArgv);
    children.push(started.child);
    return started;
  };
  const proxied = async (target: string) => {
    const proxy = await startTcpProxy(target);
    proxies.push(proxy);
    return proxy;
  };
  const look = async (port: number, path = 'ready') => {
    const response = await fetch(`http://127.0.0.1:${port}/health/${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, response };
  };
  const untilReady = (port: number) =>
    until('the worker to be ready', async () => (await look(port).catch(() => null))?.status === 200);

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  });

  test('lets the other processes of its machine go first, with its runners', async () => {
    const port = await freePort();
    const { child } = start({ ...testEnvironment(), TENON_WORKER_PORT: String(port) });
    await untilReady(port);
    const runners = childrenOf(child.pid!);
    expect(runners).not.toHaveLength(0);
    for (const pid of [child.pid!, ...runners]) expect(getPriority(pid)).toBeGreaterThanOrEqual(10);
  });

  test('started before its servers it lives, says what is away, and is ready when they have come', async () => {
    const env = testEnvironment();
    const uri = new URL(env['TENON_MONGODB_URI']!);
    const mongodb = await proxied(uri.host);
    const temporal = await proxied(env['TENON_TEMPORAL_ADDRESS']!);
    mongodb.cut();
    temporal.cut();
    uri.host = mongodb.address;
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    const port = await freePort();
    const { child } = start({
      ...env,
      TENON_MONGODB_URI: uri.href,
      TENON_TEMPORAL_ADDRESS: temporal.address,
      TENON_WORKER_PORT: String(port),
    });
    const early = await until('an answer', () => look(port).catch(() => undefined));
    expect(early.body).toMatchObject({
      status: 503,
      code: 'dependency_unavailable',
      mongodb: 'away',
      temporal: 'away',
      polling: 'stopped',
      runners: 'missing',
      fairness: 'unknown',
    });
    expect(early.response.headers.get('retry-after')).toBe('2');
    expect(await look(port, 'live')).toMatchObject({ status: 200, body: { status: 'live' } });
    mongodb.restore();
    await until('MongoDB', async () => (await look(port)).body['mongodb'] === 'ok');
    expect((await look(port)).body).toMatchObject({ status: 503, temporal: 'away', polling: 'stopped' });
    temporal.restore();
    await untilReady(port);
    expect((await look(port)).body).toMatchObject({
      status: 'ready',
      mongodb: 'ok',
      temporal: 'ok',
      polling: 'ok',
      runners: 'ok',
    });
    for (const [proxy, part] of [
      [temporal, 'temporal'],
      [mongodb, 'mongodb'],
    ] as const) {
      proxy.cut();
      await until(part, async () => (await look(port)).body[part] === 'away');
      expect((await look(port)).status).toBe(503);
      expect((await look(port, 'live')).status).toBe(200);
      proxy.restore();
      await untilReady(port);
    }
    expect(child.exitCode).toBeNull();
  });

  test('tells within seconds whether the server is fair', async () => {
    const port = await freePort();
    start(testEnvironment({ TENON_WORKER_PORT: String(port) }));
    await untilReady(port);
    await until('the probe', async () => (await look(port)).body['fairness'] === 'honoured', 20_000);
  });

  test.each(['cut', 'freeze'] as const)('asked to stop while Temporal is away (%s) it stops', async (way) => {
    const env = testEnvironment();
    const temporal = await proxied(env['TENON_TEMPORAL_ADDRESS']!);
    temporal[way]();
    const port = await freePort();
    const { child, ended } = start({
      ...env,
      TENON_TEMPORAL_ADDRESS: temporal.address,
      TENON_WORKER_PORT: String(port),
    });
    await until('MongoDB', async () => (await look(port).catch(() => null))?.body['mongodb'] === 'ok');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('asked to stop while Temporal hangs under a worker that runs, it ends within the limit', async () => {
    const env = testEnvironment({ TENON_STOP_SECONDS: '1' });
    const temporal = await proxied(env['TENON_TEMPORAL_ADDRESS']!);
    const port = await freePort();
    const { child, ended } = start({
      ...env,
      TENON_TEMPORAL_ADDRESS: temporal.address,
      TENON_WORKER_PORT: String(port),
    });
    await untilReady(port);
    temporal.freeze();
    const stoppedMs = Date.now();
    child.kill('SIGTERM');
    await until('the stop to show', async () => (await look(port)).body['process'] === 'stopping');
    expect((await look(port)).status).toBe(503);
    expect(await ended).toEqual([0, null]);
    expect(Date.now() - stoppedMs).toBeLessThan(1000 + 7000);
  });

  test('answers nothing but its two questions, and a taken port ends it with one sentence', async () => {
    const port = await freePort();
    const env = testEnvironment({ TENON_WORKER_PORT: String(port), TENON_LOG_LEVEL: 'silent' });
    start(env);
    await untilReady(port);
    expect(await look(port, 'env')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    const posted = await fetch(`http://127.0.0.1:${port}/health/ready`, { method: 'POST', body: 'x' });
    expect(posted.status).toBe(404);
    const other = start(env);
    expect(await other.ended).toEqual([1, null]);
    expect(other.stderr().trim()).toBe(
      `Port ${port} of 127.0.0.1 is taken; choose another with TENON_WORKER_PORT.`,
    );
  });

  test.each(['api', 'worker'] as const)(
    'an error that nobody handles in the %s process is logged and ends it with code 1',
    async (app) => {
      for (const kind of ['uncaughtException', 'unhandledRejection']) {
        const env = testEnvironment({ TENON_PORT: String(await freePort()), CRASH_KIND: kind });
        const { child, ended, stderr } = startAppProcess(app, env, [
          '-r',
          require.resolve('../support/crash-on-signal.cjs'),
        ]);
        children.push(child);
        await once(child, 'message');
        child.kill('SIGUSR2');
        expect(await ended).toEqual([1, null]);
        const line = stderr()
          .split('\n')
          .find((text) => text.includes(kind))!;
        expect(JSON.parse(line)).toMatchObject({
          level: 60,
          kind,
          reason: expect.stringContaining('planted'),
        });
      }
    },
  );
});
