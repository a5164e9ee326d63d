import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, step, value, webhook } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const post = (url: string) => `module.exports = async ({ executionId }, { trigger }) => {
  const answer = await fetch(${JSON.stringify(url)} + '/' + trigger.results.body.data.id, { method: 'POST' });
  return { data: answer.status };
};`;

const POISON = `module.exports = async (context, { trigger }) => {
  const hoard = [];
  while (trigger.results.body.data.id === 'poison') hoard.push(new Array(1_000_000).fill({}));
  return { data: trigger.results.body.data.id };
};`;

describe('deliveries under load', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer({ delayMs: 20 })]);
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Gathering', [
        { name: 'Post', steps: [code('Post', post(echo.url))] },
        {
          name: 'Answer',
          isSynchronous: true,
          steps: [
            code(
              'Answer',
              'module.exports = async (context, { trigger }) => ({ data: trigger.results.body.data });',
            ),
          ],
        },
        {
          name: 'Some fail',
          steps: [
            code(
              'Odd',
              "module.exports = async (context, { trigger }) => { if (trigger.results.body.data.id % 2) throw new Error('odd'); return { data: 'even' }; };",
            ),
          ],
        },
        { name: 'Sleep', trigger: webhook(), steps: [step('Sleep', 'sleep.sleep', { ms: value('3000') })] },
        { name: 'Poison', steps: [code('Maybe', POISON)] },
        {
          name: 'Slow',
          steps: [
            code(
              'Wait',
              'module.exports = () => new Promise((done) => setTimeout(() => done({ data: 1 }), 4000));',
            ),
          ],
        },
      ]),
    });
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  const deliver = async (
    flow: string,
    id: unknown,
  ): Promise<{ status: number; executionId: string; body: unknown }> => {
    const response = await fetch(subject.webhooks[flow]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    });
    const global = response.headers.get('prismatic-executionid') ?? '';
    const executionId = Buffer.from(global, 'base64').toString('utf8').split(':').at(-1)!;
    return { status: response.status, executionId, body: await response.json().catch(() => null) };
  };
  const deliverMany = (flow: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, id) => deliver(flow, id)));
  const endOf = (ids: string[]): Promise<Execution[]> =>
    until('the executions to end', async () => {
      const ended = await system.deps.store.executions
        .find({ _id: { $in: ids }, phase: 'ended' })
        .lean<Execution[]>();
      return ended.length === ids.length ? ended : undefined;
    });
  const batchesOf = (executions: Execution[]) =>
    new Set(executions.map(({ workflowId }) => workflowId).filter((id) => id?.startsWith('batch:')));

  test('a delivery alone has a workflow of its own', async () => {
    const { executionId } = await deliver('Post', 'alone');
    const [execution] = await endOf([executionId]);
    expect(execution).toMatchObject({ status: 'SUCCESS', workflowId: `execution:${executionId}` });
  });

  test('many share few workflows, and each has its own record, journal, log and single run', async () => {
    const accepted = await deliverMany('Post', 200);
    expect(accepted.every(({ status }) => status === 200)).toBe(true);
    const ids = accepted.map(({ executionId }) => executionId);
    expect(new Set(ids).size).toBe(200);
    const ended = await endOf(ids);
    expect(ended.every(({ status }) => status === 'SUCCESS')).toBe(true);
    const workflows = new Set(ended.map(({ workflowId }) => workflowId));
    expect(batchesOf(ended).size).toBeGreaterThan(0);
    expect(workflows.size).toBeLessThan(150);
    for (let id = 0; id < 200; id += 1) expect(echo.count(`/${id}`)).toBe(1);
    const { stepResults, logs } = system.deps.store;
    expect(await stepResults.countDocuments({ executionId: { $in: ids } })).toBe(400);
    const lasts = { executionId: { $in: ids }, message: /^Ending Instance Execution/ };
    // The last line follows the end.
    await until('the last lines', async () => (await logs.countDocuments(lasts)) >= 200);
    expect(await logs.countDocuments(lasts)).toBe(200);
  });

  test('synchronous callers gather too, and each gets its own answer', async () => {
    const answers = await deliverMany('Answer', 60);
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 60 }, (_, id) => [200, { id }]),
    );
    const ended = await endOf(answers.map(({ executionId }) => executionId));
    expect(batchesOf(ended).size).toBeGreaterThan(0);
  });

  test('an error ends its own execution only, and the batch counts as failed', async () => {
    const accepted = await deliverMany('Some fail', 60);
    const ended = await endOf(accepted.map(({ executionId }) => executionId));
    const byId = new Map(ended.map((execution) => [execution._id, execution]));
    for (const [id, { executionId }] of accepted.entries())
      expect(byId.get(executionId)?.status).toBe(id % 2 ? 'ERROR' : 'SUCCESS');
    const [batch] = batchesOf(ended);
    await until('the batch to be closed', async () => !(await system.deps.temporal.isOpen(batch!)));
  });

  test('what has to wait goes on in a driver of its own', async () => {
    const accepted = await deliverMany('Sleep', 12);
    const ended = await endOf(accepted.map(({ executionId }) => executionId));
    for (const { _id, status, workflowId, startedAt, endedAt } of ended) {
      expect([status, workflowId]).toEqual(['SUCCESS', `execution:${_id}`]);
      expect(endedAt!.getTime() - startedAt!.getTime()).toBeGreaterThanOrEqual(3000);
    }
  });

  test('one that kills its process fails alone; its neighbours end well', async () => {
    const ids = [
      ...Array.from({ length: 30 }, (_, id) => id),
      'poison',
      ...Array.from({ length: 30 }, (_, id) => id),
    ];
    const accepted = await Promise.all(ids.map((id) => deliver('Poison', id)));
    const ended = new Map(
      (await endOf(accepted.map(({ executionId }) => executionId))).map((one) => [one._id, one]),
    );
    const outcomes = accepted.map(({ executionId }) => ended.get(executionId)?.status);
    expect(outcomes.filter((status) => status === 'ERROR')).toHaveLength(1);
    expect(outcomes[30]).toBe('ERROR');
    expect(ended.get(accepted[30]!.executionId)?.error?.code).toBe('out_of_memory');
  });

  test('a slow one does not hold up those that share its workflow', async () => {
    const both = await Promise.all([
      ...Array.from({ length: 10 }, () => deliver('Slow', 0)),
      ...Array.from({ length: 10 }, (_, id) => deliver('Post', `beside-${id}`)),
    ]);
    const begun = Date.now();
    await endOf(both.slice(10).map(({ executionId }) => executionId));
    expect(Date.now() - begun).toBeLessThan(3500);
    await endOf(both.map(({ executionId }) => executionId));
  });
});
