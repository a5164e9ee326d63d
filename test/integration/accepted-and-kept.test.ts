import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem, startWorker } from '../support/system';
import { until } from '../support/until';

const DEPTH = 5;

const post = (url: string) => `module.exports = async (context, { trigger }) => {
  await fetch(${JSON.stringify(url)} + '/' + trigger.results.body.data.id, { method: 'POST' });
  return {};
};`;

interface Delivered {
  id: string;
  status: number;
  retryAfter: string | null;
  executionId: string;
}

/** An API alone takes deliveries until the door refuses them; a worker begins afterwards. */
describe('deliveries above the depth of an instance', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;
  let worker: Awaited<ReturnType<typeof startWorker>> | undefined;

  beforeAll(async () => {
    const env = { TENON_INSTANCE_QUEUE_DEPTH: String(DEPTH) };
    [system, echo] = await Promise.all([startSystem({ worker: false, env }), startEchoServer()]);
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Deep', [{ name: 'Flow', steps: [code('Post', post(echo.url))] }]),
    });
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  const deliver = async (id: string): Promise<Delivered> => {
    const response = await fetch(subject.webhooks['Flow']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    });
    await response.arrayBuffer();
    const isAccepted = response.status === 200;
    return {
      id,
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      executionId: isAccepted ? executionIdIn(response) : '',
    };
  };
  const inTurn = async (ids: string[]) => {
    const delivered: Delivered[] = [];
    for (const id of ids) delivered.push(await deliver(id));
    return delivered;
  };
  const ended = (count: number) =>
    until('what was accepted to end', async () => {
      const found = await system.deps.store.executions.find({ phase: 'ended' }).lean<Execution[]>();
      return found.length >= count ? found : undefined;
    });

  test('are answered 429 with Retry-After, and each that was answered 2xx runs to its end once', async () => {
    const delivered = await inTurn(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(delivered.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    for (const { retryAfter } of delivered.slice(DEPTH)) expect(Number(retryAfter)).toBeGreaterThan(0);
    const { executions, stepResults } = system.deps.store;
    expect(await executions.countDocuments({ phase: 'accepted' })).toBe(DEPTH);
    expect(echo.calls).toEqual([]);

    worker = await startWorker(system.deps);
    const accepted = delivered.slice(0, DEPTH);
    const ends = await ended(DEPTH);
    const outcomes = ends.map(({ _id, status }) => `${_id} ${status}`).sort();
    expect(outcomes).toEqual(accepted.map(({ executionId }) => `${executionId} SUCCESS`).sort());
    expect(echo.calls.map(({ path }) => path).sort()).toEqual(accepted.map(({ id }) => `/${id}`));
    // Of its trigger and its step, each.
    expect(await stepResults.countDocuments({})).toBe(2 * DEPTH);
  });

  test('are taken again once others have begun, also many at once: exactly those answered 2xx run', async () => {
    echo.calls.length = 0;
    const before = await system.deps.store.executions.countDocuments({});
    const ids = Array.from({ length: 40 }, (_, at) => `many-${at}`);
    const delivered = await Promise.all(ids.map(deliver));
    const accepted = delivered.filter(({ status }) => status === 200);
    expect(accepted.length).toBeGreaterThan(0);
    expect(delivered.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    await ended(before + accepted.length);
    expect(echo.calls.map(({ path }) => path).sort()).toEqual(accepted.map(({ id }) => `/${id}`).sort());
    expect(await system.deps.store.executions.countDocuments({})).toBe(before + accepted.length);
  });
});
