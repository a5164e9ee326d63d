import { setTimeout as sleep } from 'node:timers/promises';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

const echoBody = 'module.exports = async (context, { trigger }) => ({ data: trigger.results.body.data });';
const DEFINITION = definition('Outage subject', [
  { name: 'Later', steps: [code('Echo', echoBody)] },
  { name: 'Now', isSynchronous: true, steps: [code('Echo', echoBody)] },
]);

/** For so long, and a moment, a worker waits for somebody who goes along with a batch. */
const NO_BATCH_AFTER_MS = 1500;

describe('while a server is away', () => {
  let system: System;
  let mongodb: TcpProxy;
  let temporal: TcpProxy;
  let webhooks: Record<string, string>;

  const post = async (flow: string, n: number) => {
    const startedMs = Date.now();
    const response = await fetch(webhooks[flow]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ n }),
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      ms: Date.now() - startedMs,
      text: await response.text(),
    };
  };
  const get = async (path: string, init: RequestInit = {}) => {
    const startedMs = Date.now();
    const headers = { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${system.apiUrl}${path}`, { ...init, headers });
    await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      ms: Date.now() - startedMs,
    };
  };
  const everyDoor = () =>
    Promise.all([
      post('Later', 0),
      post('Now', 0),
      get('/api/v1/customers'),
      get('/api', { method: 'POST', body: JSON.stringify({ query: '{ customers { nodes { id } } }' }) }),
    ]);

  beforeAll(async () => {
    const uri = new URL(process.env['TENON_TEST_MONGODB_URI']!);
    mongodb = await startTcpProxy(uri.host);
    temporal = await startTcpProxy(process.env['TENON_TEST_TEMPORAL_ADDRESS']!);
    uri.host = mongodb.address;
    uri.pathname = `/outage${Date.now()}`;
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
    system = await startSystem({
      env: {
        TENON_MONGODB_URI: uri.href,
        TENON_TEMPORAL_ADDRESS: temporal.address,
        TENON_SWEEP_AFTER_SECONDS: '1',
      },
    });
    ({ webhooks } = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION }));
    expect((await post('Now', 1)).status).toBe(200);
  });

  afterAll(async () => {
    mongodb?.restore();
    temporal?.restore();
    await system?.stop();
    await mongodb?.close();
    await temporal?.close();
  });

  test.each(['cut', 'freeze'] as const)(
    'with MongoDB away (%s) every door answers 503 with Retry-After within 2 s, and comes back',
    async (way) => {
      mongodb[way]();
      for (const answer of await everyDoor()) {
        expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
        expect(answer.ms).toBeLessThan(2000);
      }
      mongodb.restore();
      await until('the doors to open again', async () =>
        (await everyDoor()).every(({ status }) => status === 200),
      );
    },
  );

  test('with Temporal away asynchronous deliveries are accepted and run later; callers who wait get 503', async () => {
    // Else a batch that runs already would take them along.
    await sleep(NO_BATCH_AFTER_MS);
    temporal.cut();
    const accepted = await Promise.all(Array.from({ length: 20 }, (_, n) => post('Later', n)));
    expect(accepted.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    const refused = await post('Now', 99);
    expect(refused).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
    temporal.restore();
    const ids = accepted.map(
      ({ text }) =>
        Buffer.from((JSON.parse(text) as { executionId: string }).executionId, 'base64')
          .toString()
          .split(':')[1],
    );
    await until(
      'the accepted ones to end',
      async () =>
        (await system.deps.store.executions.countDocuments({ _id: { $in: ids }, status: 'SUCCESS' })) === 20,
      60_000,
    );
    await until('answers again', async () => (await post('Now', 5)).status === 200);
  }, 120_000);

  test('no delivery that was answered 2xx is lost while both servers come and go', async () => {
    const { executions } = system.deps.store;
    const answered: string[] = [];
    let isOver = false;
    const stream = (async () => {
      for (let n = 0; !isOver; n += 1) {
        const { status, text } = await post('Later', n).catch(() => ({ status: 0, text: '' }));
        if (status === 200) answered.push((JSON.parse(text) as { executionId: string }).executionId);
      }
    })();
    for (const proxy of [temporal, mongodb, temporal, mongodb]) {
      await sleep(500);
      proxy.cut();
      await sleep(1200);
      proxy.restore();
    }
    isOver = true;
    await stream;
    expect(answered.length).toBeGreaterThan(10);
    const ids = answered.map((id) => Buffer.from(id, 'base64').toString().split(':')[1]);
    await until(
      'all of them to end',
      async () =>
        (await executions.countDocuments({ _id: { $in: ids }, status: 'SUCCESS' }).catch(() => 0)) ===
        ids.length,
      90_000,
    );
  }, 150_000);
});
