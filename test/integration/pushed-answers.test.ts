import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { executionIdIn } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';

const CALLERS = 40;
const ANSWER = 'module.exports = async (context, { trigger }) => ({ data: trigger.results.body.data });';

/** A caller's look at the record, which it takes now and then in case that what it waits for got lost. */
interface Look {
  ts: Date;
  command: { filter: { _id: string } };
}

describe('the answers of synchronous callers', () => {
  let system: System;
  let subject: DeployedInstance;
  beforeAll(async () => {
    system = await startSystem();
    subject = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Asked', [{ name: 'Ask', isSynchronous: true, steps: [code('Say', ANSWER)] }]),
    });
  });
  afterAll(() => system?.stop());

  const ask = async (id: number) => {
    const response = await fetch(subject.webhooks['Ask']!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
    });
    return { executionId: executionIdIn(response), status: response.status, body: await response.json() };
  };

  /** What callers look for in the records while the work goes on. */
  async function looksDuring(work: () => Promise<unknown>): Promise<Look[]> {
    const { connection, executions } = system.deps.store;
    const database = connection.db!;
    const isLook = { 'command.projection.answer': 1, 'command.projection.isSynchronous': 1 };
    const ns = `${database.databaseName}.${executions.collection.collectionName}`;
    await database.command({ profile: 1, filter: { op: 'query', ns, ...isLook } });
    await work();
    await database.command({ profile: 0, filter: 'unset' });
    return (await database.collection('system.profile').find({}).toArray()) as unknown as Look[];
  }

  test('are pushed to the process in which they wait, not found by a look at the record', async () => {
    let answers: Awaited<ReturnType<typeof ask>>[] = [];
    const looks = await looksDuring(async () => {
      answers = await Promise.all(Array.from({ length: CALLERS }, (_, id) => ask(id)));
    });
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: CALLERS }, (_, id) => [200, { id }]),
    );
    const ids = answers.map(({ executionId }) => executionId);
    const ended = await system.deps.store.executions.find({ _id: { $in: ids } }).lean<Execution[]>();
    const endedAt = new Map(ended.map((one) => [one._id, one.endedAt!]));
    // A caller looks each second, and so seldom in the moment between the end and the push.
    const found = looks.filter(({ ts, command }) => ts >= endedAt.get(command.filter._id)!);
    expect(found.length).toBeLessThan(CALLERS / 2);
  });

  test('are found by a look at the record by whoever comes later, which is seen here', async () => {
    const again = () =>
      fetch(subject.webhooks['Ask']!, { method: 'POST', headers: { 'idempotency-key': 'one' }, body: '{}' });
    const first = executionIdIn(await again());
    const looks = await looksDuring(again);
    expect(looks.map(({ command }) => command.filter._id)).toContain(first);
  });
});
