import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';
import { workflowsOf } from '../support/workflows-of';

/** Longer than a batch waits for one of its members. */
const LONG_CALL_MS = 22_000;
/** A driver that was told of nothing looks after ten minutes. */
const SOON_MS = 12_000;

const post = (url: string, path: string) =>
  `await fetch('${url}/${path}/' + trigger.results.body.data.id, { method: 'POST' });`;
const flowCode = (lines: string) =>
  `module.exports = async (context, { trigger }) => { ${lines} return {}; };`;
const wait = `await new Promise((done) => setTimeout(done, ${LONG_CALL_MS}));`;

describe('a call that outlives its batch', () => {
  let system: System;
  let echo: EchoServer;
  let subject: DeployedInstance;
  let ended: Map<string, Execution>;
  let ids: Record<'long' | 'failing' | 'last', string[]>;
  /** Of the batches, when all of them were over while the calls went on. */
  let batches: string[];
  let meanwhile: Execution[];

  beforeAll(async () => {
    [system, echo] = await Promise.all([startSystem(), startEchoServer()]);
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Long calls', [
        {
          name: 'Long',
          steps: [
            code('First', flowCode(post(echo.url, 'first'))),
            code('Call', flowCode(`${post(echo.url, 'call')} ${wait}`)),
            code('Behind', flowCode(post(echo.url, 'behind'))),
          ],
        },
        { name: 'Failing', steps: [code('Fail', flowCode("throw new Error('no');"))] },
        {
          name: 'Last',
          steps: [code('Fail late', flowCode(`${post(echo.url, 'last')} ${wait} throw new Error('late');`))],
        },
      ]),
    });
    const deliver = async (flow: string, id: string): Promise<string> => {
      const response = await fetch(subject.webhooks[flow]!, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id }),
      });
      const global = response.headers.get('prismatic-executionid') ?? '';
      return Buffer.from(global, 'base64').toString('utf8').split(':').at(-1)!;
    };
    const many = (flow: string, count: number) =>
      Promise.all(Array.from({ length: count }, (_, id) => deliver(flow, `${id}`)));
    const [long, failing, last] = await Promise.all([many('Long', 20), many('Failing', 20), many('Last', 5)]);
    ids = { long, failing, last };
    const { executions } = system.deps.store;
    const find = (of: string[]) => executions.find({ _id: { $in: of } }).lean<Execution[]>();
    const neighbours = await until('the neighbours', async () => {
      const found = await find(failing);
      return found.every(({ phase }) => phase === 'ended') ? found : undefined;
    });
    batches = [...new Set(neighbours.map(({ workflowId }) => workflowId!))].filter((id) =>
      id.startsWith('batch:'),
    );
    await until(
      'the batches to be over',
      async () => !(await Promise.all(batches.map((id) => system.deps.temporal.isOpen(id)))).includes(true),
      30_000,
    );
    meanwhile = await find([...long, ...last]);
    ended = new Map(
      (
        await until(
          'all ends',
          async () => {
            const found = await find(Object.values(ids).flat());
            return found.every(({ phase }) => phase === 'ended') ? found : undefined;
          },
          60_000,
        )
      ).map((one) => [one._id, one]),
    );
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  test('goes on when the batch is over, which its failed neighbours are found by', () => {
    expect(batches.length).toBeGreaterThan(0);
    expect(meanwhile.filter(({ phase }) => phase === 'running')).toHaveLength(25);
    for (const { _id, workflowId } of meanwhile) expect(workflowId).toBe(`execution:${_id}`);
  });

  test('is made once, by the worker that began it, and so are all steps beside it', async () => {
    for (const path of ['first', 'call', 'behind'])
      for (let id = 0; id < 20; id += 1) expect([path, echo.count(`/${path}/${id}`)]).toEqual([path, 1]);
    for (let id = 0; id < 5; id += 1) expect(echo.count(`/last/${id}`)).toBe(1);
    for (const id of ids.long) expect(ended.get(id)?.status).toBe('SUCCESS');
    const repeated = { executionId: { $in: ids.long }, attempt: { $gt: 1 } };
    expect(await system.deps.store.stepResults.countDocuments(repeated)).toBe(0);
  });

  test('is followed by the rest of its flow soon after its end, not when somebody happens to look', () => {
    for (const id of ids.long) {
      const { startedAt, endedAt } = ended.get(id)!;
      expect(endedAt!.getTime() - startedAt!.getTime()).toBeLessThan(LONG_CALL_MS + SOON_MS);
    }
  });

  test('fails its own driver when it fails', async () => {
    for (const id of ids.last) {
      expect(ended.get(id)).toMatchObject({ status: 'ERROR', error: { code: 'component_error' } });
      expect(await workflowsOf(system, id, 'Failed')).toContain(`execution:${id}`);
    }
  });
});
