import { Client, Connection } from '@temporalio/client';
import type { Execution } from '../../src/store/models/execution.model';
import { decodeOutput } from '../../src/store/output-codec';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { EXECUTION_SUBJECT } from '../support/execution-subject';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('executions of a deployed instance', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;

  const ended = (id: string) =>
    until(`the end of ${id}`, async () => {
      const found = await system.deps.store.executions.findById(id).lean();
      return found?.phase === 'ended' ? found : undefined;
    });
  const results = async (id: string) => {
    const records = await system.deps.store.stepResults.find({ executionId: id }).sort({ ordinal: 1 }).lean();
    return records.map((record) => ({
      key: record.stepKey,
      loopPath: record.loopPath,
      data: record.output && decodeOutput(record.output).data,
      error: record.error,
    }));
  };
  const run = async (flow: string, body: unknown): Promise<Execution> => {
    const response = await post(subject.webhooks[flow]!, body);
    expect(response.status).toBe(200);
    return ended(await executionOf(response));
  };
  const executionOf = async (response: Response) => {
    const id = Buffer.from(response.headers.get('prismatic-executionid')!, 'base64')
      .toString()
      .split(':')[1]!;
    expect(await system.deps.store.executions.exists({ _id: id })).toBeTruthy();
    return id;
  };

  beforeAll(async () => {
    echo = await startEchoServer();
    system = await startSystem();
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: EXECUTION_SUBJECT,
      configVariables: [{ key: 'Target', value: echo.url }],
    });
  });

  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  test('a webhook runs its flow: loop, branch, code and calls leave their results in order', async () => {
    const execution = await run('Orders', { id: 7, lines: [{ sku: 'a' }, { sku: 'b' }] });
    expect(execution.status).toBe('SUCCESS');
    const found = await results(execution._id);
    expect(found.map(({ key, loopPath }) => (loopPath ? `${key} ${loopPath}` : key))).toEqual([
      'trigger',
      'normalise',
      'callLine eachLine:0',
      'callLine eachLine:1',
      'eachLine',
      'isLarge',
      'noteSmall',
      'summary',
    ]);
    expect(found.at(-1)?.data).toEqual({ id: 7, calls: ['/a/0', '/b/1'] });
    expect(echo.calls.filter(({ path }) => path === '/a/0')).toHaveLength(1);
    // The last line follows the end.
    const lines = await until('the last line', async () => {
      const found = await system.deps.store.logs
        .find({ executionId: execution._id })
        .sort({ ordinal: 1 })
        .lean();
      return found.at(-1)?.message.startsWith('Ending Instance Execution') ? found : undefined;
    });
    expect(lines[0]?.message).toMatch(/^Starting Instance Execution/);
    expect(lines.map(({ message }) => message)).toContain('small order 7');
  });

  test('a synchronous caller gets the last step’s output with its HTTP fields', async () => {
    const response = await post(subject.webhooks['Quote']!, { amount: 20 });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-quote')).toBe('yes');
    expect(await response.json()).toEqual({ total: 40 });
    expect(await executionOf(response)).toBeTruthy();
  });

  test('a failing flow answers a synchronous caller with 502 and the execution’s error', async () => {
    const response = await post(subject.webhooks['Quote']!, { amount: 'none' });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'component_failed' });
  });

  test('a trigger’s own response is the asynchronous answer', async () => {
    const response = await post(subject.webhooks['Custom answer']!, {});
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('taken');
  });

  test('the same Idempotency-Key twice is one execution, another key another one', async () => {
    const send = async (key: string) =>
      executionOf(await post(subject.webhooks['Orders']!, { id: 1, lines: [] }, { 'Idempotency-Key': key }));
    const [first, second, other] = [await send('one'), await send('one'), await send('two')];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    await Promise.all([ended(first), ended(other)]);
    expect(await system.deps.store.executions.countDocuments({ deliveryKey: /:one$/ })).toBe(1);
  });

  test('a component’s error ends the flow unless the step’s policy ignores it or tries again', async () => {
    const failed = await run('Fail', {});
    expect(failed).toMatchObject({
      status: 'ERROR',
      error: { code: 'component_error', stepName: 'Call fail' },
    });
    expect(echo.count('/fail/once')).toBe(1);
    const ignored = await run('Ignore and retry', {});
    expect(ignored.status).toBe('SUCCESS');
    expect(echo.count('/fail/ignored')).toBe(1);
    expect(echo.count('/fail/retried')).toBe(3);
  });

  test('stop-execution ends the run as a success, and nothing behind it runs', async () => {
    const execution = await run('Stop', {});
    expect(execution.status).toBe('SUCCESS');
    expect((await results(execution._id)).map(({ key }) => key)).toEqual(['trigger', 'stop']);
  });

  test('a long sleep is a timer of the driver, and the flow goes on behind it', async () => {
    const execution = await run('Sleep', {});
    expect(execution.status).toBe('SUCCESS');
    expect(execution.endedAt!.getTime() - execution.startedAt!.getTime()).toBeGreaterThanOrEqual(2500);
    // Before and behind it; one more where it began with others.
    expect([2, 3]).toContain(execution.epoch);
    const history = await historyOf(system, String(execution.workflowId));
    expect(history.events?.some((event) => event.timerStartedEventAttributes)).toBe(true);
    // By which Temporal shares its workers among customers.
    const { priority } = history.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    expect(priority?.fairnessKey).toBe(subject.customerId);
  });

  test('a failed flow fails its workflow, and histories hold neither payload nor configuration', async () => {
    const execution = await run('Fail', { canary: 'payload-canary-4711' });
    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    const client = new Client({
      connection,
      namespace: system.env.TENON_TEMPORAL_NAMESPACE,
      dataConverter: createDataConverter(system.env),
    });
    const description = await until('the closed workflow', async () => {
      const found = await client.workflow.getHandle(String(execution.workflowId)).describe();
      return found.status.name === 'RUNNING' ? undefined : found;
    });
    expect(description.status.name).toBe('FAILED');
    expect(description.searchAttributes['TenonExecutionIds']).toEqual([execution._id]);
    expect(description.searchAttributes['TenonCustomerIds']).toEqual([subject.customerId]);
    await connection.close();
    const history = JSON.stringify(
      await historyOf(system, String(execution.workflowId)),
      (_key, item: unknown) => (item instanceof Uint8Array ? Buffer.from(item).toString('utf8') : item),
    );
    expect(history).not.toContain('payload-canary-4711');
    expect(history).not.toContain(echo.url);
  });

  test('stepsPerActivity 1 gives each action an activity of type component.action', async () => {
    const single = await aDeployedInstance(system.deps, system.ctx, {
      definition: EXECUTION_SUBJECT,
      configVariables: [{ key: 'Target', value: echo.url }],
      stepsPerActivity: 1,
    });
    const execution = await ended(
      await executionOf(await post(single.webhooks['Orders']!, { id: 9, lines: [{ sku: 'x' }] })),
    );
    expect(execution.status).toBe('SUCCESS');
    const history = await historyOf(system, String(execution.workflowId));
    const types = history.events?.flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(types).toEqual([
      'webhook-triggers.webhook',
      'code.runCode',
      'http.httpPost',
      'branch.branchOnExpression',
      'log.writeLog',
      'code.runCode',
    ]);
    expect((await results(execution._id)).map(({ key }) => key)).toEqual(
      (await results((await run('Orders', { id: 9, lines: [{ sku: 'x' }] }))._id)).map(({ key }) => key),
    );
  });

  test('an execution keeps the plan and configuration that it began with', async () => {
    const execution = await run('Orders', { id: 2, lines: [] });
    const instance = await system.deps.store.instances.findById(subject.instanceId).lean();
    expect(execution).toMatchObject({
      planId: instance?.deployment?.planId,
      configRevisionId: instance?.deployment?.configRevisionId,
    });
  });

  test('a scheduled flow runs by a Temporal Schedule in its zone, one execution a tick', async () => {
    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    const client = new Client({
      connection,
      namespace: system.env.TENON_TEMPORAL_NAMESPACE,
      dataConverter: createDataConverter(system.env),
    });
    const handle = client.schedule.getHandle(`flow-schedule:${subject.flowConfigIds['Nightly']}`);
    const next = (await handle.describe()).info.nextActionTimes[0]!;
    const hour = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Amsterdam',
      hour: '2-digit',
      hourCycle: 'h23',
    }).format(next);
    expect(hour).toBe('03');
    await handle.trigger();
    const execution = await until('the tick’s execution', () =>
      system.deps.store.executions
        .findOne({ instanceId: subject.instanceId, invokeType: 'SCHEDULED', phase: 'ended' })
        .lean(),
    );
    expect(execution.status).toBe('SUCCESS');
    expect((await results(execution._id)).map(({ key }) => key)).toEqual(['trigger', 'note']);
    await connection.close();
  });
});

async function historyOf(system: System, workflowId: string) {
  const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
  const client = new Client({
    connection,
    namespace: system.env.TENON_TEMPORAL_NAMESPACE,
    dataConverter: createDataConverter(system.env),
  });
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  await connection.close();
  return history;
}
