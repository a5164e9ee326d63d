import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FencedError } from '../../src/services/journal/fenced-error';
import { createJournalWriter } from '../../src/services/journal/journal-writer';
import type { Execution } from '../../src/store/models/execution.model';
import type { StepResult } from '../../src/store/models/step-result.model';
import { openStore, type Store } from '../../src/store/store';
import { throughProxy } from '../support/cuttable-store';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type HoldingServer, startHoldingServer } from '../support/holding-server';
import { journalRecordOf } from '../support/journal-record';
import { type System, startSystem } from '../support/system';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

/** By then a write that is not done again has been rejected. */
const OUTAGE_MS = 5000;

describe('a short outage of MongoDB', () => {
  let system: System;
  let proxy: TcpProxy;
  /** Of the same database, past the proxy. */
  let direct: Store;

  beforeAll(async () => {
    const uri = new URL(process.env['TENON_TEST_MONGODB_URI']!);
    uri.pathname = `/journal-outage${Date.now()}`;
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
    direct = await openStore(uri.href);
    const cut = await throughProxy(uri.href);
    proxy = cut.proxy;
    system = await startSystem({ env: { TENON_MONGODB_URI: cut.uri } });
  });
  afterEach(() => proxy?.restore());
  afterAll(async () => {
    await system?.stop();
    await direct?.close();
    await proxy?.close();
  });

  const anExecution = async (epoch: number): Promise<string> => {
    const _id = randomUUID();
    await direct.executions.collection.insertOne({ _id, epoch, phase: 'running' } as never);
    return _id;
  };
  const recordOf = (executionId: string, ordinal: number, epoch: number): StepResult =>
    journalRecordOf(executionId, ordinal, { epoch });
  const storedOf = (executionId: string) =>
    direct.stepResults.find({ executionId }).sort({ ordinal: 1 }).lean<StepResult[]>();

  let held: HoldingServer;
  beforeEach(async () => {
    held = await startHoldingServer('/held');
  });
  afterEach(() => held.close());

  test.each([
    ['in the record', 0],
    ['in a blob', 2_000_000],
  ])(
    'does not lose the result of a call that returns meanwhile, %s: it is made once, and the flow goes on',
    async (where, bytes) => {
      const call = (path: string) =>
        code(
          path,
          `module.exports = async () => {
            await (await fetch('${held.url}/${path}')).text();
            return { data: { text: 'x'.repeat(${bytes}) } };
          };`,
        );
      const { webhooks } = await aDeployedInstance(system.deps, system.ctx, {
        definition: definition(`Outage ${where}`, [{ name: 'Main', steps: ['held', 'behind'].map(call) }]),
      });
      const executionId = (await deliver(webhooks['Main']!, {}))!;
      await until('the call', () => held.count('/held') === 1);
      proxy.cut();
      held.open();
      await sleep(OUTAGE_MS);
      proxy.restore();
      const ended = await until(
        'the end',
        () => direct.executions.findOne({ _id: executionId, phase: 'ended' }).lean<Execution>(),
        60_000,
      );
      expect(ended.status).toBe('SUCCESS');
      expect([held.count('/held'), held.count('/behind')]).toEqual([1, 1]);
      const stored = await storedOf(executionId);
      expect(stored.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
      expect(stored.map(({ outputBlobId }) => outputBlobId !== null)).toEqual([false, bytes > 0, bytes > 0]);
    },
    120_000,
  );

  test.each([1, 2])(
    'is waited out: records of epoch %d are stored once and in order, also one whose answer was lost',
    async (epoch) => {
      const writer = createJournalWriter(system.deps.store);
      const id = await anExecution(epoch);
      proxy.cut();
      const first = writer.append(recordOf(id, 0, epoch));
      await sleep(100);
      const others = [1, 2].map((ordinal) => writer.append(recordOf(id, ordinal, epoch)));
      // As a first try leaves it whose answer did not arrive.
      await direct.stepResults.collection.insertOne(recordOf(id, 0, epoch) as never);
      await sleep(OUTAGE_MS);
      expect(await storedOf(id)).toHaveLength(1);
      proxy.restore();
      expect(await Promise.all([first, ...others])).toEqual([null, null, null]);
      expect((await storedOf(id)).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
    },
    60_000,
  );

  test('stores nothing of a segment behind which a newer one began meanwhile, and all of others', async () => {
    const writer = createJournalWriter(system.deps.store);
    const [stale, other] = [await anExecution(1), await anExecution(1)];
    proxy.cut();
    const appends = [
      writer.append(recordOf(stale, 0, 1)),
      writer.append(recordOf(other, 0, 1)),
      writer.append(recordOf(stale, 1, 1)),
    ];
    const results = Promise.allSettled(appends);
    await sleep(OUTAGE_MS);
    await direct.executions.updateOne({ _id: stale }, { $set: { epoch: 2 } });
    proxy.restore();
    const fenced = { status: 'rejected', reason: expect.any(FencedError) };
    expect(await results).toEqual([fenced, { status: 'fulfilled', value: null }, fenced]);
    expect(await storedOf(stale)).toEqual([]);
    expect(await storedOf(other)).toHaveLength(1);
  }, 60_000);

  test('leaves no fence behind: a write that comes through beside its own repetition is none of a newer segment', async () => {
    const writers = Array.from({ length: 8 }, () => createJournalWriter(direct));
    const ids = await Promise.all(Array.from({ length: 150 }, () => anExecution(2)));
    for (const id of ids) {
      const asked = await Promise.all(writers.map((writer) => writer.append(recordOf(id, 0, 2))));
      expect(asked).toEqual(writers.map(() => null));
    }
    expect(await direct.stepResults.countDocuments({ executionId: { $in: ids } })).toBe(150);
  }, 60_000);
});
