import { randomUUID } from 'node:crypto';
import { FencedError } from '../../src/services/journal/fenced-error';
import { createJournalWriter } from '../../src/services/journal/journal-writer';
import { openJournal } from '../../src/services/journal/read-journal';
import { encodeStates } from '../../src/store/output-codec';
import { journalRecordOf } from '../support/journal-record';
import { type Services, startServices } from '../support/services';

/** More than a document may be. */
const TOO_LARGE = Buffer.alloc(17 * 1024 * 1024);

describe('the journal of an execution', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const anExecution = async (epoch = 1): Promise<string> => {
    const _id = randomUUID();
    await services.deps.store.executions.collection.insertOne({ _id, epoch, phase: 'running' } as never);
    return _id;
  };

  test('has no record behind one that could not be stored, until a newer segment writes it', async () => {
    const { store } = services.deps;
    const writer = createJournalWriter(store);
    const id = await anExecution();
    const other = await anExecution();
    await writer.append(journalRecordOf(id, 0));
    const results = await Promise.allSettled([
      writer.append(journalRecordOf(id, 1, { output: TOO_LARGE })),
      // Goes with a later group.
      new Promise((resolve) => setImmediate(resolve)).then(() => writer.append(journalRecordOf(id, 2))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(writer.append(journalRecordOf(id, 3))).rejects.toThrow();
    await expect(writer.append(journalRecordOf(other, 0))).resolves.toBeNull();
    expect((await openJournal(store, id)).count).toBe(1);
    await store.executions.updateOne({ _id: id }, { $set: { epoch: 2 } });
    await expect(writer.append(journalRecordOf(id, 1, { epoch: 2 }))).resolves.toBeNull();
    expect((await openJournal(store, id)).count).toBe(2);
  });

  test('takes no record of a segment behind which a newer one has begun, nor one in place of the newer one’s', async () => {
    const { store } = services.deps;
    const [old, young] = [createJournalWriter(store), createJournalWriter(store)];
    const id = await anExecution();
    await expect(old.append(journalRecordOf(id, 0))).resolves.toBeNull();
    await store.executions.updateOne({ _id: id }, { $set: { epoch: 2 } });
    await expect(young.append(journalRecordOf(id, 1, { epoch: 2, attempt: 2 }))).resolves.toBeNull();
    await expect(old.append(journalRecordOf(id, 1))).rejects.toThrow(FencedError);
    await expect(old.append(journalRecordOf(id, 2))).rejects.toThrow(FencedError);
    const stored = await store.stepResults.findById(`${id}/1`).lean();
    expect(stored).toMatchObject({ epoch: 2, attempt: 2 });
  });

  test('is opened at the step that finished last, and reads of others only what is asked for', async () => {
    const { store } = services.deps;
    const id = await anExecution();
    await store.stepResults.insertMany([
      journalRecordOf(id, 0),
      journalRecordOf(id, 1, { path: '1.loop.0@0' }),
      journalRecordOf(id, 2, { path: '1', isLoopStep: true }),
      journalRecordOf(id, 3, { branch: 'Yes' }),
    ]);
    const journal = await openJournal(store, id);
    expect(journal).toMatchObject({ count: 4, isTriggerLost: false, states: {}, statesOrdinal: null });
    expect(journal.last).toMatchObject({ path: '3', branch: 'Yes', error: null });
    expect(await journal.last?.value()).toEqual({ data: 3 });
    const recorded = await journal.recorded(['1', '9', '0']);
    expect(recorded.map(({ path }) => path)).toEqual(['0', '1']);
    expect(await Promise.all(recorded.map((one) => one.value()))).toEqual([{ data: 0 }, { data: 2 }]);
    expect(await journal.before('1')).toBe('1.loop.0@0');
    expect(await journal.before('0')).toBeUndefined();
    expect(await journal.before('7')).toBeUndefined();
  });

  test('tells when the trigger is missing though a later step is there', async () => {
    const { store } = services.deps;
    const id = await anExecution();
    await store.stepResults.insertMany([journalRecordOf(id, 1)]);
    expect(await openJournal(store, id)).toMatchObject({ count: 2, isTriggerLost: true });
  });

  test('finds the latest states by the last record, and by looking through records of a former release', async () => {
    const { store } = services.deps;
    const states = encodeStates({ recordId: 'r' });
    const id = await anExecution();
    await store.stepResults.insertMany([
      journalRecordOf(id, 0),
      journalRecordOf(id, 1, { states, statesOrdinal: 1 }),
      journalRecordOf(id, 2, { statesOrdinal: 1 }),
    ]);
    expect(await openJournal(store, id)).toMatchObject({ states: { recordId: 'r' }, statesOrdinal: 1 });
    const former = await anExecution();
    const old = [
      journalRecordOf(former, 0),
      journalRecordOf(former, 1, { states }),
      journalRecordOf(former, 2),
    ];
    for (const record of old) delete record.statesOrdinal;
    await store.stepResults.collection.insertMany(old as never[]);
    expect(await openJournal(store, former)).toMatchObject({ states: { recordId: 'r' }, statesOrdinal: 1 });
  });
});
