import { setTimeout as sleep } from 'node:timers/promises';
import { insertNew, NOT_YET_SAFE, updateAll } from '../../src/store/bulk-writes';
import { openStore, type Store } from '../../src/store/store';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

describe('writes of many documents in one command', () => {
  let proxy: TcpProxy;
  let store: Store;

  beforeAll(async () => {
    const uri = new URL(process.env['TENON_TEST_MONGODB_URI']!);
    proxy = await startTcpProxy(uri.host);
    uri.host = proxy.address;
    uri.pathname = `/updates${Date.now()}`;
    uri.searchParams.delete('replicaSet');
    uri.searchParams.set('directConnection', 'true');
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
    store = await openStore(uri.href);
  });
  afterAll(async () => {
    await store?.close();
    await proxy?.close();
  });

  const collection = () => store.executions.collection.conn.collection('updated');
  const end = (...ids: string[]) => ({ ids, filter: { isOpen: true }, update: { $set: { isOpen: false } } });
  const ends = (ids: string[]) => ids.map((id) => end(id));
  const openOnes = () => collection().countDocuments({ isOpen: true });

  beforeEach(async () => {
    await collection().deleteMany({});
    await collection().insertMany(['1', '2', '3'].map((_id) => ({ _id, isOpen: true })) as never[]);
  });

  describe('that insert', () => {
    const news = (ids: string[], text = '') => ids.map((_id) => ({ _id, text }));
    const stored = async (filter: object = { text: { $exists: true } }) =>
      (await collection().find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));

    test('store all, or all whose ids are not taken', async () => {
      expect(await insertNew(collection(), news(['a', 'b']))).toBe(true);
      expect(await insertNew(collection(), news(['b', 'c', 'd']))).toBe(false);
      expect(await insertNew(collection(), news(['e']), { writeConcern: NOT_YET_SAFE })).toBe(true);
      expect(await insertNew(collection(), news(['e']))).toBe(false);
      expect(await stored()).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    test('are split where they are too large for one command', async () => {
      const large = 'x'.repeat(6 * 1024 * 1024);
      expect(await insertNew(collection(), news(['a', 'b', 'c', 'd'], large))).toBe(true);
      expect(await stored()).toEqual(['a', 'b', 'c', 'd']);
    });

    test('may be done again when the connection broke under them', async () => {
      proxy.freeze();
      const first = insertNew(collection(), news(['a', 'b'])).catch(() => undefined);
      await sleep(100);
      proxy.cut();
      proxy.restore();
      // The driver tries once more by itself, perhaps over a connection that breaks too.
      const isNew = (await first) ?? (await insertNew(collection(), news(['a', 'b'])));
      expect(typeof isNew).toBe('boolean');
      expect(await stored()).toEqual(['a', 'b']);
    });

    test('are rejected with another fault of a single one, and store the others', async () => {
      const wrong = { _id: ['no', 'list'] };
      await expect(insertNew(collection(), [wrong, ...news(['a'])])).rejects.toMatchObject({
        writeErrors: [{ index: 0 }],
      });
      expect(await stored()).toEqual(['a']);
    });
  });

  test('answer how many of the filters met one', async () => {
    expect(await updateAll(collection(), ends(['1', '2', '9']))).toBe(2);
    expect(await updateAll(collection(), ends(['3']))).toBe(1);
    expect(await updateAll(collection(), [])).toBe(0);
    expect(await openOnes()).toBe(0);
  });

  test('may be of several documents, the only one too', async () => {
    expect(await updateAll(collection(), [end('1', '3', '9')])).toBe(2);
    expect(await openOnes()).toBe(1);
    expect(await updateAll(collection(), [end('1', '2'), end('3')])).toBe(1);
    expect(await openOnes()).toBe(0);
  });

  test('are tried once more when the connection breaks under them', async () => {
    proxy.freeze();
    const counted = updateAll(collection(), ends(['1', '2', '3']));
    await sleep(100);
    proxy.cut();
    proxy.restore();
    expect(await counted).toBe(3);
    expect(await openOnes()).toBe(0);
  });

  test('are rejected with the fault of a single one, and not tried again', async () => {
    const wrong = { ids: ['1'], filter: {}, update: { $set: { _id: '7' } } };
    await expect(updateAll(collection(), [wrong, ...ends(['2', '3'])])).rejects.toMatchObject({
      writeErrors: [{ index: 0 }],
    });
    expect(await openOnes()).toBe(1);
  });
});
