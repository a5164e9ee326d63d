import type { PlanQueue } from '../../src/engine/plan';
import { cancelExecution } from '../../src/services/executions/control/cancel-execution';
import { holdExecution } from '../../src/services/executions/control/hold-execution';
import { resumeExecution } from '../../src/services/executions/control/resume-execution';
import { storeTick } from '../../src/services/executions/run/begin-segment';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import type { Execution } from '../../src/store/models/execution.model';
import { changeFlow } from '../support/change-flow';
import { code, definition, scheduled, step, value, webhook } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { graphqlClient } from '../support/graphql-client';
import { begun, mostAtOnce, recorded } from '../support/queue-recorder';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const SEQUENTIAL: PlanQueue = { limit: 1, isSingleton: false };

describe('a flow with a queue', () => {
  let system: System;
  let echo: EchoServer;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer()]);
  });
  beforeEach(() => {
    echo.calls.length = 0;
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  const aFlow = async (
    queue: PlanQueue | undefined,
    steps: unknown[] = [code('Tell', recorded(echo.url))],
  ) => {
    const instance = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition(`Queued ${Math.random()}`, [{ name: 'Main', trigger: webhook(), steps }]),
    });
    if (queue) await changeFlow(system.deps, instance.instanceId, 'Main', { queue });
    return instance;
  };
  const deliver = async ({ webhooks }: DeployedInstance, body: object): Promise<string> => {
    const response = await fetch(webhooks['Main']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    const global = response.headers.get('prismatic-executionid') ?? '';
    return Buffer.from(global, 'base64').toString('utf8').split(':').at(-1)!;
  };
  const recordOf = async (id: string): Promise<Execution> =>
    (await system.deps.store.executions.findById(id).lean<Execution>())!;
  const endOf = (ids: string[], limitMs = 60_000): Promise<Execution[]> =>
    until(
      'the executions to end',
      async () => {
        const ended = await system.deps.store.executions
          .find({ _id: { $in: ids }, phase: 'ended' })
          .lean<Execution[]>();
        return ended.length === ids.length ? ended : undefined;
      },
      limitMs,
    );
  const queued = (id: string) =>
    until('it to be queued', async () => (await recordOf(id)).status === 'QUEUED');

  test('sequential: one at a time in the order of acceptance, and a failed run blocks nobody', async () => {
    const instance = await aFlow(SEQUENTIAL);
    const ids: string[] = [];
    for (let id = 0; id < 40; id += 1) ids.push(await deliver(instance, { id, fail: id % 7 === 0 }));
    const ended = await endOf(ids);
    expect(begun(echo)).toEqual(ids.map((_, at) => String(at)));
    expect(mostAtOnce(echo)).toBe(1);
    expect(ended.filter(({ status }) => status === 'ERROR')).toHaveLength(6);
    // What waits costs no workflow each.
    const own = new Set(ended.map(({ workflowId }) => workflowId));
    expect([...own]).toEqual([`queue:${instance.flowConfigIds['Main']}`]);
  });

  test('throttled: never more than the limit at once, and as many as that', async () => {
    // Long enough that the next one is there before one is done, also on a busy machine.
    const steps = [code('Tell', recorded(echo.url, 300))];
    const instance = await aFlow({ limit: 3, isSingleton: false }, steps);
    const ids = await Promise.all(Array.from({ length: 30 }, (_, id) => deliver(instance, { id })));
    await endOf(ids);
    expect(begun(echo).sort()).toEqual(ids.map((_, at) => String(at)).sort());
    expect(mostAtOnce(echo)).toBe(3);
  });

  test('a run that sleeps keeps its place, and shows what waits as QUEUED to REST and GraphQL', async () => {
    const instance = await aFlow(SEQUENTIAL, [
      code('Tell', recorded(echo.url, 0)),
      step('Sleep', 'sleep.sleep', { ms: value('3000') }),
    ]);
    const first = await deliver(instance, { id: 'first' });
    const second = await deliver(instance, { id: 'second' });
    await until('the first to sleep', async () => (await recordOf(first)).armedWait !== null);
    await queued(second);
    const headers = { authorization: `Bearer ${system.accessToken}` };
    const rest = await fetch(`${system.apiUrl}/api/v1/executions/${second}`, { headers });
    expect(await rest.json()).toMatchObject({ status: 'QUEUED', phase: 'queued', workflowId: null });
    const { body } = await graphqlClient(system, system.accessToken)(
      `query ($instance: ID!) { executionResults(instance: $instance, status: QUEUED) { nodes { status queuedAt } } }`,
      { instance: Buffer.from(`Instance:${instance.instanceId}`).toString('base64') },
    );
    expect(body.data).toEqual({
      executionResults: { nodes: [{ status: 'QUEUED', queuedAt: expect.any(String) }] },
    });
    const [a, b] = await endOf([first, second]);
    const [early, late] = a!._id === first ? [a!, b!] : [b!, a!];
    expect(begun(echo)).toEqual(['first', 'second']);
    const secondBegan = await system.deps.store.stepResults.findOne({
      executionId: late._id,
      stepKey: 'tell',
    });
    expect(secondBegan!.startedAt.getTime()).toBeGreaterThanOrEqual(early.endedAt!.getTime());
  });

  test('a held run keeps its place, and a cancelled one that waits leaves at once', async () => {
    const instance = await aFlow(SEQUENTIAL, [
      code('Tell', recorded(echo.url, 500)),
      code('Go on', 'module.exports = async () => ({ data: 1 });'),
    ]);
    const [held, cancelled, last] = [
      await deliver(instance, { id: 'held' }),
      await deliver(instance, { id: 'cancelled' }),
      await deliver(instance, { id: 'last' }),
    ];
    await until('the first to begin', () => begun(echo).length === 1);
    await holdExecution(system.deps, system.ctx, held);
    await queued(cancelled);
    const gone = await cancelExecution(system.deps, system.ctx, cancelled);
    expect([gone.phase, gone.status, gone.error?.code]).toEqual(['ended', 'ERROR', 'cancelled']);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await recordOf(last)).status).toBe('QUEUED');
    await resumeExecution(system.deps, system.ctx, held);
    await endOf([held, last]);
    expect(begun(echo)).toEqual(['held', 'last']);
  });

  test('an id that waits or is under way ends a further run as a duplicate; afterwards it may run again', async () => {
    const instance = await aFlow({
      ...SEQUENTIAL,
      dedupeId: ['trigger', 'results', 'body', 'data', 'order'],
    });
    const ids: string[] = [];
    for (const [at, order] of ['a', 'b', 'a', 'b', 'c'].entries())
      ids.push(await deliver(instance, { id: at, order }));
    const ended = await endOf(ids);
    const byId = new Map(ended.map((one) => [one._id, one]));
    const duplicates = ids.filter((id) => byId.get(id)?.resultType === 'CANCELED_AS_DUPLICATE');
    expect(duplicates).toEqual([ids[2], ids[3]]);
    expect(byId.get(ids[2]!)).toMatchObject({ status: 'SUCCESS', canceledByExecutionId: ids[0] });
    expect(begun(echo)).toEqual(['0', '1', '4']);
    const again = await deliver(instance, { id: 'again', order: 'a' });
    expect((await endOf([again]))[0]?.resultType).toBeUndefined();
    expect(begun(echo)).toEqual(['0', '1', '4', 'again']);
  });

  test('a deploy without the queue lets go what waits, also while the instance is disabled', async () => {
    const instance = await aFlow(SEQUENTIAL, [
      code('Tell', recorded(echo.url, 0)),
      step('Sleep', 'sleep.sleep', { ms: value('5000') }),
    ]);
    const ids: string[] = [];
    for (let id = 0; id < 4; id += 1) ids.push(await deliver(instance, { id }));
    await until('the others to wait', async () => {
      const waiting = { instanceId: instance.instanceId, status: 'QUEUED' as const };
      return (await system.deps.store.executions.countDocuments(waiting)) === 3;
    });
    await updateInstance(system.deps, system.ctx, { id: instance.instanceId, enabled: false });
    const plan = await system.deps.store.instances.findById(instance.instanceId).lean();
    expect(plan?.enabled).toBe(false);
    await changeFlow(system.deps, instance.instanceId, 'Main', { queue: undefined } as never);
    await until('all to have begun', () => begun(echo).length === 4, 10_000);
    await endOf(ids);
  });

  test('deleting an instance removes what waits in its queues', async () => {
    const instance = await aFlow(SEQUENTIAL, [step('Sleep', 'sleep.sleep', { ms: value('600000') })]);
    const ids: string[] = [];
    for (let id = 0; id < 3; id += 1) ids.push(await deliver(instance, { id }));
    await queued(ids[2]!);
    await deleteInstance(system.deps, system.ctx, { id: instance.instanceId });
    expect(await system.deps.store.executions.countDocuments({ instanceId: instance.instanceId })).toBe(0);
  });

  test('a tick is skipped while a run of a singleton flow is under way', async () => {
    const instance = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Singleton', [
        {
          name: 'Main',
          trigger: scheduled('0 0 1 1 *'),
          steps: [step('Sleep', 'sleep.sleep', { ms: value('3000') })],
        },
      ]),
    });
    await changeFlow(system.deps, instance.instanceId, 'Main', { queue: { isSingleton: true } });
    const flowConfigId = instance.flowConfigIds['Main']!;
    const tick = (time: string) =>
      storeTick(system.deps, { flowConfigId, workflowId: `flow-schedule:${flowConfigId}-${time}` }).then(
        () => 'runs',
        () => 'skipped',
      );
    const outcomes = await Promise.all(['1', '2', '3'].map(tick));
    expect(outcomes.sort()).toEqual(['runs', 'skipped', 'skipped']);
    const { executions } = system.deps.store;
    expect(await executions.countDocuments({ flowConfigId })).toBe(1);
    const [run] = await executions.find({ flowConfigId }).lean<Execution[]>();
    await cancelExecution(system.deps, system.ctx, run!._id);
    await executions.updateOne({ _id: run!._id }, { $set: { phase: 'ended' }, $unset: { 'queue.slot': 1 } });
    // A run without a place in the flow's own queue counts too; an attempt that is not due yet does not.
    await executions.updateOne({ _id: run!._id }, { $unset: { queue: 1 } });
    const since = new Date(Date.now() - 60_000);
    const isUnderWay = { acceptedAt: since, endedAt: null };
    await executions.updateOne({ _id: run!._id }, { $set: { ...isUnderWay, phase: 'running' } });
    expect(await tick('4')).toBe('skipped');
    const member = { key: 'another-run', state: 'waiting', order: '1' };
    await executions.updateOne({ _id: run!._id }, { $set: { phase: 'queued', queue: member } });
    expect(await tick('5')).toBe('skipped');
    await executions.updateOne({ _id: run!._id }, { $set: { phase: 'accepted' }, $unset: { queue: 1 } });
    expect(await tick('6')).toBe('skipped');
    const due = new Date(Date.now() + 60_000);
    await executions.updateOne({ _id: run!._id }, { $set: { acceptedAt: due } });
    expect(await tick('7')).toBe('runs');
  });
});

describe('a worker killed while a queue is worked off', () => {
  const RUNS = 200;
  const env = testEnvironment();
  let system: System;
  let echo: EchoServer;
  let worker: WorkerProcess;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem({ worker: false, env }), startEchoServer()]);
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  test('every run is run, one at a time and in the order of acceptance; only the one in flight runs again', async () => {
    const flow = {
      name: 'Main',
      steps: [code('Tell', recorded(echo.url, 5))],
      queueConfig: { usesFifoQueue: true },
    };
    const instance = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Queued and crashed', [flow]),
    });
    for (let id = 0; id < RUNS; id += 1) {
      const response = await fetch(instance.webhooks['Main']!, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id }),
      });
      expect(response.status).toBe(200);
    }
    await until('half of them', () => begun(echo).length > RUNS / 2, 120_000);
    await worker.kill();
    const before = begun(echo).length;
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
    const { executions } = system.deps.store;
    await until(
      'all ends',
      async () => (await executions.countDocuments({ status: 'SUCCESS' })) === RUNS,
      180_000,
    );
    const order = begun(echo).map(Number);
    // The run in flight was begun again, at the place that it had.
    expect(order.length).toBeLessThanOrEqual(RUNS + 1);
    expect(order.filter((id, at) => order.indexOf(id) === at)).toEqual(
      Array.from({ length: RUNS }, (_, id) => id),
    );
    expect(mostAtOnce(echo)).toBe(1);
    expect(before).toBeLessThan(RUNS);
  }, 360_000);
});
