import { randomUUID } from 'node:crypto';
import { executionLine } from '../../src/services/logs/execution-line';
import { listLogs } from '../../src/services/logs/list-logs';
import type { LogLine, LogSeverity } from '../../src/store/models/log.model';
import { aUser, contextOf, type Services, startServices } from '../support/services';

let services: Services;
const INSTANCES = 10;
const EXECUTIONS = 200;
const LINES = 20;
const OF_A_MOMENT = 7;
/** The execution whose lines are read. */
const READ = 42;
const DAY = Date.now() - 86_400_000;
/** Most lines are the first instance's; each is of a customer of its own. */
const instances = Array.from({ length: INSTANCES }, () => ({ id: randomUUID(), customerId: randomUUID() }));
const executionIds: string[] = [];

beforeAll(async () => {
  services = await startServices();
  const { store } = services.deps;
  const { organizationId } = services.ctx.actor;
  const now = new Date(DAY);
  await store.instances.create(
    instances.map(({ id, customerId }) => ({
      _id: id,
      organizationId,
      customerId,
      integrationId: randomUUID(),
      name: id,
      createdAt: now,
      updatedAt: now,
    })),
  );
  const lines: LogLine[] = [];
  for (let run = 0; run < EXECUTIONS; run += 1) {
    const { id: instanceId, customerId } = instances[run % 4 === 0 ? run % INSTANCES : 0]!;
    const execution = { _id: randomUUID(), organizationId, customerId, instanceId, flowName: 'Main' };
    executionIds.push(execution._id);
    if (run === READ) await store.executions.collection.insertOne({ ...execution, endedAt: now } as never);
    for (let number = 0; number < LINES; number += 1) {
      // Eleven epochs: their ordinals have more digits than the first one's.
      const place = { epoch: number === LINES - 1 ? 11 : number > 0 ? 1 : 0, number };
      const severity: LogSeverity = run % 20 === 0 && number === 5 ? 'ERROR' : 'INFO';
      const timestamp = new Date(DAY + run * 10 + Math.floor(number / OF_A_MOMENT));
      const line = { severity, stepName: null, timestamp, message: `Line ${number} of run ${run}` };
      lines.push(executionLine(execution, place, line));
    }
  }
  await store.logs.insertMany(lines);
}, 60_000);
afterAll(() => services?.stop());

type Input = NonNullable<Parameters<typeof listLogs>[2]>;

/** A page, with how many documents the database looked at for it. */
async function read(input: Input, ctx = services.ctx) {
  const db = services.deps.store.connection.db!;
  await db.command({ profile: 2 });
  const page = await listLogs(services.deps, ctx, input);
  await db.command({ profile: 0 });
  const profiled = db.collection('system.profile');
  const finds = await profiled.find({ op: 'query', ns: `${db.databaseName}.logs` }).toArray();
  await profiled.drop();
  expect(finds.length).toBeGreaterThan(0);
  const examined = finds.reduce((sum, find) => sum + (find['docsExamined'] as number), 0);
  return { page, examined };
}

/** All pages, with the most documents that were looked at for one. */
async function readAll(input: Input, ctx = services.ctx) {
  const nodes: LogLine[] = [];
  let most = 0;
  for (let after: string | null = null; ; ) {
    const { page, examined } = await read({ ...input, after }, ctx);
    nodes.push(...page.nodes);
    most = Math.max(most, examined);
    if (!page.hasNextPage) return { nodes, most };
    after = page.endCursor;
  }
}

const first = 50;
/** One more, to know whether more follow, and the moments in which it begins and ends. */
const mostFor = (size: number) => size + 1 + 2 * OF_A_MOMENT;
const newestFirst = (nodes: LogLine[]) =>
  nodes.toSorted((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a._id < b._id ? 1 : -1));

describe('lists of log lines look at hardly more lines than a page has', () => {
  test('of an execution, in the order of its lines over many segments', async () => {
    const executionId = executionIds[READ]!;
    const { nodes, most } = await readAll({ executionId, first: 7 });
    expect(nodes.map(({ message }) => message)).toEqual(
      Array.from({ length: LINES }, (_, number) => `Line ${number} of run ${READ}`),
    );
    expect(most).toBeLessThanOrEqual(8);
    const backwards = await readAll({ executionId, first: 7, ascending: false });
    expect(backwards.nodes).toEqual(nodes.toReversed());
    expect(backwards.most).toBeLessThanOrEqual(8);
  });

  test('of an instance with many and one with few, newest first, to the last page', async () => {
    for (const { id: instanceId } of [instances[0]!, instances[8]!]) {
      const { nodes, most } = await readAll({ instanceId, first });
      expect(nodes.length).toBe(await services.deps.store.logs.countDocuments({ instanceId }));
      expect(nodes).toEqual(newestFirst(nodes));
      expect(most).toBeLessThanOrEqual(mostFor(first));
    }
  });

  test('of the organization, newest and oldest first, and of a time', async () => {
    const { nodes, most } = await readAll({ first: 100 });
    expect(nodes).toHaveLength(EXECUTIONS * LINES);
    expect(nodes).toEqual(newestFirst(nodes));
    expect(most).toBeLessThanOrEqual(mostFor(100));
    const oldest = await read({ first, ascending: true });
    expect(oldest.page.nodes).toEqual(nodes.slice(-first).toReversed());
    expect(oldest.examined).toBeLessThanOrEqual(mostFor(first));
    const bounds = { from: new Date(DAY + 500).toISOString(), to: new Date(DAY + 520).toISOString() };
    const { nodes: some, most: mostOfSome } = await readAll({ ...bounds, first });
    expect(some).toHaveLength(2 * LINES);
    expect(mostOfSome).toBeLessThanOrEqual(mostFor(first));
  });

  test('of faults alone, of the organization and of an instance', async () => {
    const all = await readAll({ severities: ['ERROR'], first: 4 });
    expect(all.nodes).toHaveLength(EXECUTIONS / 20);
    expect(all.most).toBeLessThanOrEqual(mostFor(4));
    const { id: instanceId } = instances[0]!;
    const own = await readAll({ severities: ['ERROR'], instanceId, first: 4 });
    expect(own.nodes.length).toBeGreaterThan(3);
    expect(own.most).toBeLessThanOrEqual(mostFor(4));
    expect((await readAll({ severities: ['FATAL'], first })).most).toBe(0);
  });

  test('for a user of a customer, whose lines are few among all', async () => {
    const { id: instanceId, customerId } = instances[8]!;
    const organizationId = services.ctx.actor.organizationId;
    const user = await aUser(services.deps, organizationId, { role: 'customer_admin', customerId });
    const { nodes, most } = await readAll({ first }, contextOf(user));
    expect(nodes.length).toBeGreaterThan(first);
    expect(new Set(nodes.map((line) => line.instanceId))).toEqual(new Set([instanceId]));
    expect(most).toBeLessThanOrEqual(mostFor(first));
  });
});
