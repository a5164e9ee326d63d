import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanFlow, PlanFlowRetry } from '../../src/engine/plan';
import { cancelExecution } from '../../src/services/executions/control/cancel-execution';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { readRequestBody } from '../../src/services/executions/read/read-step-output';
import { planRetry } from '../../src/services/executions/retry/plan-retry';
import { sweepRetries } from '../../src/services/executions/retry/sweep-retries';
import { updateInstance } from '../../src/services/instances/update-instance';
import type { Execution } from '../../src/store/models/execution.model';
import { changeFlow } from '../support/change-flow';
import { code, definition, webhook } from '../support/definition-builder';
import { executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { graphqlClient } from '../support/graphql-client';
import { type System, startSystem, startWorker } from '../support/system';
import { until } from '../support/until';

/** A minute in these tests. */
const MINUTE_MS = 1500;
const retry = (change: Partial<PlanFlowRetry> = {}): { retry: PlanFlowRetry } => ({
  retry: { maxAttempts: 3, delayMinutes: 1, usesExponentialBackoff: false, ...change },
});

/** Fails as often as the body says, by what a server has counted. */
const failing = (url: string) => `module.exports = async ({ executionId }, { trigger }) => {
  const { id, failures } = trigger.results.body.data;
  const answer = await fetch(${JSON.stringify(url)} + '/' + id, { method: 'POST', body: executionId });
  if (failures > 0) throw new Error('As was asked for.');
  return { data: answer.status };
};`;

describe('a flow that is run again after a failure', () => {
  let system: System;
  let worker: Awaited<ReturnType<typeof startWorker>>;
  let echo: EchoServer;

  beforeAll(async () => {
    [system, echo] = await Promise.all([
      startSystem({ worker: false, env: { TENON_RETRY_MINUTE_MS: String(MINUTE_MS) } }),
      startEchoServer(),
    ]);
    worker = await startWorker(system.deps);
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  const aFlow = async (change: Partial<PlanFlow>) => {
    const instance = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition(`Retried ${Math.random()}`, [
        { name: 'Main', trigger: webhook(), steps: [code('Fail', failing(echo.url))] },
      ]),
    });
    await changeFlow(system.deps, instance.instanceId, 'Main', change);
    return instance;
  };
  const deliver = async (
    { webhooks }: DeployedInstance,
    body: object,
    headers: Record<string, string> = {},
  ): Promise<string> => {
    const response = await fetch(webhooks['Main']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
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
  /** The attempt that a failed run planned, when its driver has been started. */
  const made = async (failed: Execution): Promise<Execution> => {
    await until('the attempt', async () => (await recordOf(failed._id)).nextRetry?.isMade);
    return recordOf(failed.nextRetry!.executionId);
  };
  const attemptsOf = async (rootId: string): Promise<Execution[]> => {
    const { nodes } = await listExecutions(system.deps, system.ctx, { retryRootId: rootId });
    return (nodes as Execution[]).toReversed();
  };

  test('each attempt is a run of its own with the same request, at its time, until the last has failed', async () => {
    const instance = await aFlow(retry({ maxAttempts: 2 }));
    const root = await deliver(instance, { id: 'twice', failures: 9 }, { 'x-id': '7' });
    const failed = await ended(root);
    expect(failed).toMatchObject({ status: 'ERROR', maxRetryCount: 2 });
    const waiting = await made(failed);
    expect(waiting).toMatchObject({
      status: 'PENDING',
      phase: 'accepted',
      retryOf: { rootId: root, count: 1 },
    });
    await until(
      'all attempts',
      async () => (await attemptsOf(root)).filter(({ endedAt }) => endedAt).length === 2,
    );
    const attempts = await attemptsOf(root);
    expect(attempts.map(({ retryOf, status }) => [retryOf?.count, status])).toEqual([
      [1, 'ERROR'],
      [2, 'ERROR'],
    ]);
    let before = failed;
    for (const attempt of attempts) {
      const waitedMs = attempt.startedAt!.getTime() - before.endedAt!.getTime();
      expect(waitedMs).toBeGreaterThanOrEqual(MINUTE_MS - 50);
      expect(waitedMs).toBeLessThan(MINUTE_MS + 5000);
      const whole = await recordOf(attempt._id);
      expect(whole.request.headers).toEqual(failed.request.headers);
      expect(await readRequestBody(system.deps, whole)).toEqual(await readRequestBody(system.deps, failed));
      before = attempt;
    }
    expect(before.nextRetry).toBeUndefined();
    expect(echo.count('/twice')).toBe(3);
  });

  test('it is seen over REST and GraphQL, and a run that succeeds is the last', async () => {
    const instance = await aFlow(retry({ delayMinutes: 2 }));
    const root = await deliver(instance, { id: 'seen', failures: 9 });
    const failed = await ended(root);
    await made(failed);
    const headers = { authorization: `Bearer ${system.accessToken}` };
    const view = async (id: string) =>
      (await (await fetch(`${system.apiUrl}/api/v1/executions/${id}`, { headers })).json()) as unknown;
    const at = failed.nextRetry!.at.toISOString();
    expect(await view(root)).toMatchObject({ retryCount: 0, maxRetryCount: 3, retryNextAt: at });
    const next = failed.nextRetry!.executionId;
    expect(await view(next)).toMatchObject({ retryCount: 1, retryForExecutionId: root, status: 'PENDING' });
    const { body } = await graphqlClient(system, system.accessToken)(
      `query ($id: ID!) { executionResult(id: $id) {
        retryCount maxRetryCount retryNextAt
        retryAttempts { nodes { retryCount status retryForExecution { id } } }
      } }`,
      { id: globalId(root) },
    );
    expect(body.data).toEqual({
      executionResult: {
        retryCount: 0,
        maxRetryCount: 3,
        retryNextAt: at,
        retryAttempts: {
          nodes: [{ retryCount: 1, status: 'PENDING', retryForExecution: { id: globalId(root) } }],
        },
      },
    });
    // What is deployed when it begins: here, a flow that does not fail.
    await changeFlow(system.deps, instance.instanceId, 'Main', { steps: [] });
    const { planId } = await ended(next);
    expect(planId).not.toBe(failed.planId);
    expect(await attemptsOf(root)).toHaveLength(1);
  });

  test('a run that a caller waits for, or that somebody cancelled, is not run again', async () => {
    const instance = await aFlow({ ...retry(), isSynchronous: true });
    const answered = await deliver(instance, { id: 'synchronous', failures: 9 });
    expect((await ended(answered)).nextRetry).toBeUndefined();
    const other = await aFlow(retry());
    const root = await deliver(other, { id: 'cancelled', failures: 9 });
    const { nextRetry } = await ended(root);
    await made(await recordOf(root));
    const cancelled = await cancelExecution(system.deps, system.ctx, nextRetry!.executionId);
    expect(cancelled).toMatchObject({ status: 'ERROR', error: { code: 'cancelled' } });
    await sleep(MINUTE_MS + 1000);
    expect(echo.count('/cancelled')).toBe(1);
    expect((await recordOf(root)).nextRetry).toBeUndefined();
    expect(await attemptsOf(root)).toHaveLength(1);
  });

  test.each([
    ['DEPLOY_FLOW', true],
    ['TEAR_DOWN_FLOW', false],
    ['INTEGRATION_FLOW_TEST', false],
  ] as const)('a run that failed is run again by how it was started: %s', async (invokeType, isRetried) => {
    const instance = await aFlow(retry());
    const run = await recordOf(await deliver(instance, { id: invokeType, failures: 0 }));
    const planId = (await system.deps.store.instances.findById(instance.instanceId).lean())!.deployment!
      .planId;
    const failed = { ...run, planId, invokeType };
    const planned = await planRetry(system.deps, failed, {
      code: 'component_error',
      message: 'It failed.',
      stepKey: null,
      stepName: null,
    });
    expect(planned?.nextRetry !== undefined).toBe(isRetried);
  });

  test.each([
    ['a reference', ['trigger', 'results', 'headers', 'x-id']],
    ['a plain path', ['headers', 'x-id']],
  ])('a newer request with the same id cancels the attempt that waits: id by %s', async (_by, path) => {
    const instance = await aFlow(retry({ delayMinutes: 2, uniqueRequestId: path }));
    const older = await deliver(instance, { id: `older-${path[0]}`, failures: 9 }, { 'x-id': 'same' });
    const { nextRetry } = await ended(older);
    await made(await recordOf(older));
    const other = await deliver(instance, { id: 'other', failures: 0 }, { 'x-id': 'another' });
    await ended(other);
    expect((await recordOf(nextRetry!.executionId)).phase).toBe('accepted');
    const newer = await deliver(instance, { id: 'newer', failures: 0 }, { 'x-id': 'same' });
    await ended(newer);
    expect(await recordOf(nextRetry!.executionId)).toMatchObject({
      phase: 'ended',
      resultType: 'CANCELED_AS_DUPLICATE',
      canceledByExecutionId: newer,
    });
    const { body } = await graphqlClient(system, system.accessToken)(
      'query ($id: ID!) { executionResult(id: $id) { retryNextAt retryUniqueRequestId canceledByExecution { id } } }',
      { id: globalId(older) },
    );
    expect(body.data).toEqual({
      executionResult: {
        retryNextAt: null,
        retryUniqueRequestId: 'same',
        canceledByExecution: { id: globalId(newer) },
      },
    });
    await sleep(2 * MINUTE_MS);
    expect(echo.count(`/older-${path[0]}`)).toBe(1);
  });

  test('an attempt comes at its time though no process was there between, and the instance is disabled', async () => {
    const instance = await aFlow(retry({ delayMinutes: 3 }));
    const root = await deliver(instance, { id: 'restart', failures: 9 });
    const { nextRetry } = await ended(root);
    await worker.stop();
    await updateInstance(system.deps, system.ctx, { id: instance.instanceId, enabled: false });
    await sleep(1000);
    worker = await startWorker(system.deps);
    const attempt = await ended(nextRetry!.executionId);
    const lateMs = attempt.startedAt!.getTime() - nextRetry!.at.getTime();
    expect(lateMs).toBeGreaterThan(-50);
    expect(lateMs).toBeLessThan(20_000);
    expect(attempt.retryOf?.count).toBe(1);
  });

  test('an attempt that was planned and never made, since its process died, is made by the sweeper', async () => {
    const instance = await aFlow(retry({ delayMinutes: 2 }));
    const root = await deliver(instance, { id: 'swept', failures: 9 });
    const { nextRetry } = await ended(root);
    await made(await recordOf(root));
    const { executions } = system.deps.store;
    await system.deps.temporal.terminate(`execution:${nextRetry!.executionId}`, 'Never made.');
    await executions.deleteOne({ _id: nextRetry!.executionId });
    const other = randomUUID();
    await executions.updateOne(
      { _id: root },
      { $set: { nextRetry: { ...nextRetry!, executionId: other, isMade: false } } },
    );
    await sweepRetries(system.deps);
    expect(await recordOf(other)).toMatchObject({ phase: 'accepted', acceptedAt: nextRetry!.at });
    expect((await ended(other)).startedAt!.getTime()).toBeGreaterThanOrEqual(nextRetry!.at.getTime() - 50);
  });

  test('in a sequential flow an attempt waits for its turn when it is due, and blocks nobody before', async () => {
    const instance = await aFlow({ ...retry(), queue: { limit: 1, isSingleton: false } });
    const root = await deliver(instance, { id: 'first', failures: 9 });
    const { nextRetry } = await ended(root);
    const second = await deliver(instance, { id: 'second', failures: 0 });
    const { endedAt } = await ended(second);
    expect(endedAt!.getTime()).toBeLessThan(nextRetry!.at.getTime() + 500);
    const attempt = await ended(nextRetry!.executionId);
    expect(attempt.queue).toMatchObject({ state: 'left', queuedAt: expect.any(Date) as Date });
    expect(attempt.startedAt!.getTime()).toBeGreaterThanOrEqual(nextRetry!.at.getTime() - 50);
  });
});

const globalId = (id: string) => Buffer.from(`InstanceExecutionResult:${id}`).toString('base64');
