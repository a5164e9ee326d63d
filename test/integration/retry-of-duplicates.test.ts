import type { PlanFlow } from '../../src/engine/plan';
import type { Execution } from '../../src/store/models/execution.model';
import { changeFlow } from '../support/change-flow';
import { code, definition, webhook } from '../support/definition-builder';
import { executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem, startWorker } from '../support/system';
import { until } from '../support/until';

/** Takes the time that the body says, then fails if it says so. */
const slow = (url: string) => `module.exports = async ({ executionId }, { trigger }) => {
  const { name, ms, fail } = trigger.results.body.data;
  await fetch(${JSON.stringify(url)} + '/' + name, { method: 'POST', body: executionId });
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (fail) throw new Error('As was asked for.');
  return { data: name };
};`;

const inBody = (field: string) => ['trigger', 'results', 'body', 'data', field];

interface Body {
  name: string;
  /** What the queue tells duplicates by. */
  record: string;
  /** What attempts are cancelled by. */
  request: string;
  ms?: number;
  fail?: boolean;
}

describe('a flow with a dedupe id whose requests have ids', () => {
  let system: System;
  let worker: Awaited<ReturnType<typeof startWorker>>;
  let echo: EchoServer;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem({ worker: false }), startEchoServer()]);
    worker = await startWorker(system.deps);
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  const aFlow = async (delayMinutes: number, limit?: number) => {
    const instance = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition(`Deduped ${Math.random()}`, [
        { name: 'Main', trigger: webhook(), steps: [code('Work', slow(echo.url))] },
      ]),
    });
    const flow: Partial<PlanFlow> = {
      queue: { ...(limit && { limit }), isSingleton: false, dedupeId: inBody('record') },
      retry: {
        maxAttempts: 1,
        delayMinutes,
        usesExponentialBackoff: false,
        uniqueRequestId: inBody('request'),
      },
    };
    await changeFlow(system.deps, instance.instanceId, 'Main', flow);
    return instance;
  };
  const deliver = async ({ webhooks }: DeployedInstance, body: Body): Promise<string> => {
    const response = await fetch(webhooks['Main']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ms: 0, ...body }),
    });
    return executionIdIn(response);
  };
  const recordOf = async (id: string): Promise<Execution> =>
    (await system.deps.store.executions.findById(id).lean<Execution>())!;
  const ended = (id: string): Promise<Execution> =>
    until('the end', async () => {
      const record = await recordOf(id);
      return record?.phase === 'ended' ? record : undefined;
    });
  const begun = (name: string) => until(`${name} to begin`, () => echo.count(`/${name}`) > 0);
  /** The attempt that waits at a failed run. */
  const attemptAt = async (id: string): Promise<string> => {
    const { nextRetry } = await ended(id);
    await until('the attempt', async () => (await recordOf(id)).nextRetry?.isMade);
    return nextRetry!.executionId;
  };

  test.each([
    ['runs in parallel', undefined],
    ['runs in order', 1],
  ])(
    'a duplicate that came while the first one ran does not take its attempt: a flow that %s',
    async (_how, limit) => {
      const instance = await aFlow(0, limit);
      const name = `first-${limit}`;
      const same = { record: 'x', request: 'x' };
      const first = await deliver(instance, { ...same, name, ms: 1500, fail: true });
      await begun(name);
      const second = await deliver(instance, { ...same, name: 'never' });
      expect(await ended(second)).toMatchObject({
        resultType: 'CANCELED_AS_DUPLICATE',
        canceledByExecutionId: first,
      });
      const failed = await ended(first);
      expect(failed.status).toBe('ERROR');
      expect(failed.canceledByExecutionId).toBeUndefined();
      const attempt = await ended(failed.nextRetry!.executionId);
      expect([attempt.status, attempt.resultType]).toEqual(['ERROR', undefined]);
      expect([echo.count(`/${name}`), echo.count('/never')]).toEqual([2, 0]);
    },
  );

  test('a request that is no duplicate cancels the attempt that waits, from when it has its place in the queue', async () => {
    const instance = await aFlow(60, 1);
    const older = await deliver(instance, { name: 'older', record: 'x', request: 'x', fail: true });
    const attempt = await attemptAt(older);
    await deliver(instance, { name: 'other', record: 'y', request: 'y', ms: 6000 });
    await begun('other');
    const newer = await deliver(instance, { name: 'newer', record: 'x', request: 'x' });
    expect(await ended(attempt)).toMatchObject({
      resultType: 'CANCELED_AS_DUPLICATE',
      canceledByExecutionId: newer,
    });
    expect((await recordOf(newer)).status).toBe('QUEUED');
    expect((await ended(newer)).status).toBe('SUCCESS');
  });

  test('a newer request whose process died once its id was noted still cancels the attempt', async () => {
    const instance = await aFlow(60);
    const older = await deliver(instance, { name: 'crashed', record: 'x', request: 'x', fail: true });
    const attempt = await attemptAt(older);
    await worker.stop();
    const newer = await deliver(instance, { name: 'noted', record: 'x', request: 'x' });
    const { requestKey, uniqueRequestId } = await recordOf(older);
    // As the crash left it.
    await system.deps.store.executions.updateOne({ _id: newer }, { $set: { requestKey, uniqueRequestId } });
    worker = await startWorker(system.deps);
    expect((await ended(newer)).status).toBe('SUCCESS');
    expect((await ended(attempt)).canceledByExecutionId).toBe(newer);
  });

  test('one that its queue had called a duplicate before a crash runs clean when the first has ended since', async () => {
    const instance = await aFlow(60);
    await worker.stop();
    const run = await deliver(instance, { name: 'clean', record: 'x', request: 'x' });
    // As the crash left it.
    await system.deps.store.executions.updateOne({ _id: run }, { $set: { canceledByExecutionId: 'gone' } });
    worker = await startWorker(system.deps);
    const record = await ended(run);
    expect([record.status, record.canceledByExecutionId]).toEqual(['SUCCESS', undefined]);
  });
});
