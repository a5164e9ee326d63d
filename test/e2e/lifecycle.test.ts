import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAppProcess } from '../support/app-process';
import { code, complex, definition, step, stringVar, template, value } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { freePort } from '../support/free-port';
import { type Services, startServices } from '../support/services';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const EXECUTIONS = 30;
const STEPS = 5;

const post = (name: string, path: string, target = 'Target') =>
  step(name, 'http.httpPost', {
    url: template(`{{#${target}}}/{{$trigger.results.body.data.n}}/${path}`),
    data: template('{"n": {{$trigger.results.body.data.n}}}'),
    responseType: value('json'),
    headers: complex([]),
    timeout: value(''),
  });

const DEFINITION = definition(
  'Lifecycle subject',
  [
    { name: 'Slow', steps: Array.from({ length: STEPS }, (_, at) => post(`Post ${at}`, String(at))) },
    {
      name: 'Long',
      steps: [post('Before', 'before'), post('Long', 'long', 'Slow target'), post('After', 'after')],
    },
    {
      name: 'Waits for its answer',
      isSynchronous: true,
      steps: [
        code(
          'Pause',
          'module.exports = async () => { await new Promise((done) => setTimeout(done, 1500)); return { data: "done" }; };',
        ),
      ],
    },
  ],
  {
    requiredConfigVars: [stringVar('Target'), stringVar('Slow target')],
    configPages: [
      {
        name: 'Setup',
        elements: ['Target', 'Slow target'].map((key) => ({ type: 'configVar', value: key })),
      },
    ],
  },
);

describe('processes that come and go', () => {
  let services: Services;
  let echo: EchoServer;
  let slowEcho: EchoServer;
  let env: Record<string, string>;
  let webhooks: Record<string, string>;
  let apiPort: number;
  const children = new Set<ChildProcess>();

  const start = async (app: 'api' | 'worker', extra: Record<string, string> = {}) => {
    const started = startAppProcess(app, { ...env, ...extra });
    children.add(started.child);
    const early = started.ended.then(([exitCode]) => {
      throw new Error(`${app} ended with ${exitCode}: ${started.stderr()}`);
    });
    early.catch(() => undefined);
    await Promise.race([once(started.child, 'message'), early]);
    return started;
  };
  /** The exit code, and how long it took. */
  const stop = async ({ child, ended }: Awaited<ReturnType<typeof start>>) => {
    const startedMs = Date.now();
    child.kill('SIGTERM');
    const [exitCode] = await ended;
    return { exitCode, ms: Date.now() - startedMs };
  };
  const url = (flow: string, port = apiPort) => webhooks[flow]!.replace(`:${apiPort}/`, `:${port}/`);
  const succeeded = (ids: string[]) =>
    services.deps.store.executions.countDocuments({ _id: { $in: ids }, status: 'SUCCESS' });
  const untilSucceeded = (ids: string[], limitMs = 60_000) =>
    until('all to succeed', async () => (await succeeded(ids)) === ids.length, limitMs);

  beforeAll(async () => {
    echo = await startEchoServer({ delayMs: 250 });
    slowEcho = await startEchoServer({ delayMs: 6000 });
    apiPort = await freePort();
    env = testEnvironment({ TENON_PORT: String(apiPort), TENON_SWEEP_AFTER_SECONDS: '2' });
    services = await startServices(env);
    ({ webhooks } = await aDeployedInstance(services.deps, services.ctx, {
      definition: DEFINITION,
      configVariables: [
        { key: 'Target', value: echo.url },
        { key: 'Slow target', value: slowEcho.url },
      ],
    }));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    echo.calls.length = 0;
  });
  afterAll(async () => {
    await services?.stop();
    await echo?.close();
    await slowEcho?.close();
  });

  test('a worker asked to stop hands its executions over: all succeed and no finished step is called twice', async () => {
    const [first] = await Promise.all([start('worker'), start('worker'), start('api')]);
    const ids = await Promise.all(Array.from({ length: EXECUTIONS }, (_, n) => deliver(url('Slow'), { n })));
    expect(ids).not.toContain(null);
    await until('calls in flight', () => echo.calls.length >= EXECUTIONS * 2);
    const { exitCode, ms } = await stop(first);
    expect(exitCode).toBe(0);
    expect(ms).toBeLessThan(10_000);
    // It stopped in the middle.
    expect(await succeeded(ids as string[])).toBeLessThan(EXECUTIONS);
    await untilSucceeded(ids as string[]);
    const counts = Array.from({ length: EXECUTIONS }, (_, n) => n).flatMap((n) =>
      Array.from({ length: STEPS }, (_, at) => echo.count(`/${n}/${at}`)),
    );
    expect(counts).toEqual(Array<number>(EXECUTIONS * STEPS).fill(1));
  }, 120_000);

  test('a call that lasts longer than the limit is given up to another worker, and finished steps stay', async () => {
    const first = await start('worker', { TENON_STOP_SECONDS: '1' });
    await start('api');
    const id = await deliver(url('Long'), { n: 100 });
    await until('the long call', () => slowEcho.count('/100/long') === 1);
    const [{ exitCode, ms }] = await Promise.all([stop(first), start('worker')]);
    expect(exitCode).toBe(0);
    expect(ms).toBeLessThan(1000 + 6000);
    await untilSucceeded([id!]);
    // The finished step ran once; the one that was given up ran again.
    expect(['before', 'after'].map((path) => echo.count(`/100/${path}`))).toEqual([1, 1]);
    expect(slowEcho.count('/100/long')).toBe(2);
  }, 120_000);

  test('a second signal ends a process at once', async () => {
    const worker = await start('worker');
    await start('api');
    await deliver(url('Long'), { n: 200 });
    await until('the long call', () => slowEcho.count('/200/long') === 1);
    worker.child.kill('SIGTERM');
    await sleep(1000);
    expect(worker.child.exitCode).toBeNull();
    worker.child.kill('SIGTERM');
    const secondMs = Date.now();
    expect(await worker.ended).toEqual([143, null]);
    expect(Date.now() - secondMs).toBeLessThan(1000);
  }, 60_000);

  test('an API that stops is not ready at once, and answers what it was asked before', async () => {
    await start('worker');
    const api = await start('api');
    // Warm, so that the answer below is under way for its pause alone.
    expect((await fetch(url('Waits for its answer'), { method: 'POST', body: '{}' })).status).toBe(200);
    const answer = fetch(url('Waits for its answer'), { method: 'POST', body: '{}' });
    await sleep(500);
    api.child.kill('SIGTERM');
    await sleep(50);
    const ready = await fetch(`http://127.0.0.1:${apiPort}/api/v1/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ process: 'stopping', code: 'dependency_unavailable' });
    expect((await fetch(`http://127.0.0.1:${apiPort}/api/v1/health/live`)).status).toBe(200);
    expect((await answer).status).toBe(200);
    expect(await api.ended).toEqual([0, null]);
  }, 60_000);

  test('an API that stops tells who waits in vain by which id to ask later', async () => {
    const api = await start('api', { TENON_STOP_SECONDS: '3' });
    const answered = fetch(url('Waits for its answer'), { method: 'POST', body: '{}' });
    await sleep(300);
    api.child.kill('SIGTERM');
    const answer = await answered;
    expect(answer.status).toBe(504);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: 'answer_timeout', executionId: expect.any(String) as string });
    expect(problem['detail']).toContain('This process of the server stops');
    expect(await api.ended).toEqual([0, null]);
    await Promise.all([start('api'), start('worker')]);
    await untilSucceeded([Buffer.from(String(problem['executionId']), 'base64').toString().split(':')[1]!]);
  }, 60_000);

  test('no delivery that was answered 2xx is lost while the API stops and starts', async () => {
    await start('worker');
    let api = await start('api');
    const accepted: string[] = [];
    let isOver = false;
    const stream = async (from: number) => {
      for (let n = from; !isOver; n += 1) {
        const id = await deliver(url('Slow'), { n });
        if (id) accepted.push(id);
        await sleep(id ? 50 : 10);
      }
    };
    const streams = [10_000, 20_000].map(stream);
    for (let round = 0; round < 3; round += 1) {
      await sleep(700);
      expect((await stop(api)).exitCode).toBe(0);
      api = await start('api');
    }
    isOver = true;
    await Promise.all(streams);
    expect(accepted.length).toBeGreaterThan(10);
    expect(new Set(accepted).size).toBe(accepted.length);
    await untilSucceeded(accepted);
  }, 120_000);

  test('APIs and workers come and go in any number and order', async () => {
    const otherPort = await freePort();
    let sent = 30_000;
    const ids: string[] = [];
    const send = async (ports: number[]) => {
      const answers = Array.from({ length: 12 }, (_, at) =>
        deliver(url('Slow', ports[at % ports.length]), { n: (sent += 1) }),
      );
      for (const id of await Promise.all(answers)) ids.push(id!);
      expect(ids).not.toContain(null);
    };
    // The workers are there before any API is.
    const [first, second] = await Promise.all([start('worker'), start('worker')]);
    const [api] = await Promise.all([start('api'), start('api', { TENON_PORT: String(otherPort) })]);
    await send([apiPort, otherPort]);
    // Whoever waits at one API is answered, whichever worker runs it.
    const waiting = [apiPort, otherPort].map((port) =>
      fetch(url('Waits for its answer', port), { method: 'POST', body: '{}' }),
    );
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
    await send([apiPort, otherPort]);
    expect(await Promise.all([stop(first), stop(api)])).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    await send([otherPort]);
    expect(await stop(second)).toMatchObject({ exitCode: 0 });
    // Nobody runs it now; it is accepted nevertheless.
    await send([otherPort]);
    await start('worker');
    await untilSucceeded(ids);
  }, 120_000);
});
