import { Client, Connection } from '@temporalio/client';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { code, definition, scheduled, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const post = (url: string, path: string) =>
  `module.exports = async () => ({ data: (await fetch(${JSON.stringify(`${url}${path}`)}, { method: 'POST' })).status });`;

describe('holding and cancelling an execution', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer({ delayMs: 800 })]);
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Control', [
        {
          name: 'Steps',
          steps: ['one', 'two', 'three'].map((name) => code(name, post(echo.url, `/${name}`))),
        },
        { name: 'Sleep', steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
        {
          name: 'Asked',
          isSynchronous: true,
          steps: ['asked', 'never'].map((name) => code(name, post(echo.url, `/${name}`))),
        },
        {
          name: 'Nightly',
          trigger: scheduled('0 3 1 1 *'),
          steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })],
        },
      ]),
    });
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });
  beforeEach(() => {
    echo.calls.length = 0;
  });

  const deliver = async (flow: string): Promise<string> => {
    const response = await fetch(subject.webhooks[flow]!, { method: 'POST', body: '{}' });
    const { executionId } = (await response.json()) as { executionId: string };
    return Buffer.from(executionId, 'base64').toString('utf8').split(':').at(-1)!;
  };
  const ask = async (id: string, what: string) => {
    const response = await fetch(`${system.apiUrl}/api/v1/executions/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const record = (id: string) => system.deps.store.executions.findById(id).lean();
  const ended = (id: string) =>
    until('the end', async () => {
      const found = await record(id);
      return found?.phase === 'ended' ? found : undefined;
    });

  test('a held one stops before its next step, costs no worker, and goes on where it was', async () => {
    const id = await deliver('Steps');
    await until('the first call', () => echo.count('/one') === 1);
    expect(await ask(id, 'hold')).toMatchObject({
      status: 200,
      body: { control: 'hold', status: 'PENDING' },
    });
    await until('the driver to wait', async () => {
      const events = await system.deps.store.stepResults.countDocuments({ executionId: id });
      return events === 2;
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect([echo.count('/one'), echo.count('/two')]).toEqual([1, 0]);
    expect((await record(id))?.phase).toBe('running');
    expect(await ask(id, 'resume')).toMatchObject({ status: 200, body: { control: null } });
    expect((await ended(id)).status).toBe('SUCCESS');
    expect(['/one', '/two', '/three'].map((path) => echo.count(path))).toEqual([1, 1, 1]);
  });

  test('a cancelled one finishes its step and ends as cancelled', async () => {
    const id = await deliver('Steps');
    await until('the first call', () => echo.count('/one') === 1);
    expect((await ask(id, 'cancel')).status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'ERROR', error: { code: 'cancelled' }, stepCount: 2 });
    expect(echo.count('/two')).toBe(0);
  });

  test('a caller who waits is told that it was cancelled', async () => {
    const answered = fetch(subject.webhooks['Asked']!, { method: 'POST', body: '{}' });
    await until('its first call', () => echo.count('/asked') === 1);
    const { executions } = system.deps.store;
    const running = await executions.findOne({ flowName: 'Asked', phase: 'running' }).orFail().lean();
    expect((await ask(running._id, 'cancel')).status).toBe(200);
    const response = await answered;
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'execution_cancelled' });
    expect(echo.count('/never')).toBe(0);
  });

  test('a sleeping one is cancelled at once', async () => {
    const id = await deliver('Sleep');
    await until('the sleep', async () => (await record(id))?.armedWait);
    await ask(id, 'cancel');
    expect((await ended(id)).error?.code).toBe('cancelled');
  });

  test('one of a schedule is held, resumed and cancelled in its sleep as well', async () => {
    const { env, deps } = system;
    const connection = await Connection.connect({ address: env.TENON_TEMPORAL_ADDRESS });
    const client = new Client({ connection, dataConverter: createDataConverter(env) });
    await client.schedule.getHandle(`flow-schedule:${subject.flowConfigIds['Nightly']}`).trigger();
    const { _id: id } = await until('the sleep of the tick', () =>
      deps.store.executions.findOne({ flowName: 'Nightly', armedWait: { $ne: null } }).lean(),
    );
    expect((await ask(id, 'hold')).status).toBe(200);
    expect((await ask(id, 'resume')).status).toBe(200);
    expect((await ask(id, 'cancel')).status).toBe(200);
    expect((await ended(id)).error?.code).toBe('cancelled');
    await connection.close();
  });

  test('a held one can be cancelled', async () => {
    const id = await deliver('Steps');
    await until('the first call', () => echo.count('/one') === 1);
    await ask(id, 'hold');
    await ask(id, 'cancel');
    expect((await ended(id)).error?.code).toBe('cancelled');
  });

  test('what has ended can be neither held, resumed nor cancelled; what is not held not resumed', async () => {
    const id = await deliver('Sleep');
    await until('the sleep', async () => (await record(id))?.armedWait);
    expect(await ask(id, 'resume')).toMatchObject({ status: 409, body: { code: 'invalid_state' } });
    await ask(id, 'cancel');
    await ended(id);
    for (const what of ['hold', 'resume', 'cancel'])
      expect(await ask(id, what)).toMatchObject({ status: 409, body: { code: 'invalid_state' } });
    expect((await ask('00000000-0000-7000-8000-000000000000', 'hold')).status).toBe(404);
  });

  test('one that waits for its start ends at once when it is cancelled', async () => {
    const idle = await startSystem({ worker: false });
    try {
      const { deps, ctx } = idle;
      const waiting = await aDeployedInstance(deps, ctx, {
        definition: definition('Waiting', [
          { name: 'Flow', steps: [code('N', 'module.exports = async () => ({});')] },
        ]),
      });
      await fetch(waiting.webhooks['Flow']!, { method: 'POST', body: '{}' });
      const { executions } = deps.store;
      await executions.updateMany({}, { $set: { workflowId: null } });
      const [execution] = await executions.find({}).lean();
      const response = await fetch(`${idle.apiUrl}/api/v1/executions/${execution!._id}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${idle.accessToken}` },
      });
      expect(await response.json()).toMatchObject({ phase: 'ended', error: { code: 'cancelled' } });
    } finally {
      await idle.stop();
    }
  });
});
