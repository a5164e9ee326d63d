import { randomBytes, randomUUID } from 'node:crypto';
import { openStore, type Store } from '../../src/store/store';
import { testEnvironment } from '../support/test-environment';

const MB = 1024 * 1024;

describe('the blob store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore(testEnvironment()['TENON_MONGODB_URI']!);
  });
  afterAll(async () => {
    await store?.connection.dropDatabase();
    await store?.close();
  });

  const anOwner = () => ({ instanceId: randomUUID() });
  const files = () => store.connection.db!.collection('blobs.files');
  const chunks = () => store.connection.db!.collection('blobs.chunks');
  const counts = async ({ instanceId }: { instanceId: string }) => {
    const found = await files().find({ 'metadata.instanceId': instanceId }).toArray();
    const ids = found.map(({ _id }) => _id);
    return { files: ids.length, chunks: await chunks().countDocuments({ files_id: { $in: ids } }) };
  };
  /** Pieces of 64 KB, as a socket brings them. */
  async function* pieces(content: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  }
  /** The second half never comes. */
  async function* broken(content: Buffer): AsyncGenerator<Buffer> {
    yield* pieces(content.subarray(0, content.length / 2));
    throw new Error('broken off');
  }

  test.each([0, 1, 1020 * 1024, 1020 * 1024 + 1, 5 * MB])(
    'gives back %i bytes as they came, whole and in pieces, however they were stored',
    async (size) => {
      const content = randomBytes(size);
      const owner = anOwner();
      const id = await store.blobs.put(content, owner);
      expect(await store.blobs.putPieces(pieces(content), owner)).toEqual({ id, bytes: size });
      expect((await store.blobs.get(id)).equals(content)).toBe(true);
      const read: Buffer[] = [];
      for await (const piece of store.blobs.read(id)) read.push(piece);
      expect(Buffer.concat(read).equals(content)).toBe(true);
      for (const { length } of read) expect(length).toBeLessThanOrEqual(MB);
    },
  );

  test('stores equal content once within an instance, and apart for another instance', async () => {
    const content = randomBytes(3 * MB);
    const [owner, other] = [anOwner(), anOwner()];
    const first = await store.blobs.put(content, owner);
    expect(await store.blobs.put(Buffer.from(content), owner)).toBe(first);
    expect((await store.blobs.putPieces(pieces(content), owner)).id).toBe(first);
    expect(await counts(owner)).toEqual({ files: 1, chunks: 4 });
    expect(await store.blobs.put(content, other)).not.toBe(first);
    expect(await store.blobs.put(randomBytes(3 * MB), owner)).not.toBe(first);
  });

  test('of equal contents that come at the same time one is kept, and nothing of the others', async () => {
    const content = randomBytes(3 * MB);
    const owner = anOwner();
    const before = await chunks().countDocuments({});
    const stored = await Promise.all(
      Array.from({ length: 8 }, async (_one, at) =>
        at % 2 === 0
          ? store.blobs.put(content, owner)
          : (await store.blobs.putPieces(pieces(content), owner)).id,
      ),
    );
    expect(new Set(stored).size).toBe(1);
    expect(await counts(owner)).toEqual({ files: 1, chunks: 4 });
    expect(await chunks().countDocuments({})).toBe(before + 4);
    expect((await store.blobs.get(stored[0]!)).equals(content)).toBe(true);
  });

  test('leaves nothing of content that breaks off, and passes the reason on', async () => {
    const content = randomBytes(4 * MB);
    const owner = anOwner();
    const before = await chunks().countDocuments({});
    await expect(store.blobs.putPieces(broken(content), owner)).rejects.toThrow('broken off');
    expect(await counts(owner)).toEqual({ files: 0, chunks: 0 });
    expect(await chunks().countDocuments({})).toBe(before);
  });

  test('takes what a crash left half stored for nothing, and removes it after an hour', async () => {
    const content = randomBytes(4 * MB);
    const owner = anOwner();
    const before = await chunks().countDocuments({});
    let cutOff: () => void = () => undefined;
    // An upload that goes no further: what a killed process leaves behind.
    const never = (async function* () {
      yield* pieces(content.subarray(0, 3 * MB));
      await new Promise<void>((resolve) => {
        cutOff = resolve;
      });
    })();
    const hanging = store.blobs.putPieces(never, owner);
    hanging.catch(() => undefined);
    while ((await counts(owner)).chunks < 12) await new Promise((resolve) => setTimeout(resolve, 20));
    const id = await store.blobs.put(content, owner);
    expect((await store.blobs.get(id)).equals(content)).toBe(true);
    expect(await store.blobs.removeStaged()).toBe(0);
    expect(await counts(owner)).toEqual({ files: 2, chunks: 17 });
    await files().updateOne(
      { 'metadata.instanceId': owner.instanceId, 'metadata.state': 'staged' },
      { $set: { uploadDate: new Date(Date.now() - 61 * 60_000) } },
    );
    expect(await store.blobs.removeStaged()).toBe(1);
    expect(await counts(owner)).toEqual({ files: 1, chunks: 5 });
    expect((await store.blobs.get(id)).equals(content)).toBe(true);
    // Should the process come back after all, its upload cannot be published any more.
    cutOff();
    await expect(hanging).rejects.toThrow('deleted while');
    expect(await counts(owner)).toEqual({ files: 1, chunks: 5 });
    expect(await chunks().countDocuments({})).toBe(before + 5);
  });

  test('removes an instance’s blobs, those on their way included, and no other’s', async () => {
    const [owner, other] = [anOwner(), anOwner()];
    const kept = await store.blobs.put(randomBytes(2 * MB), other);
    for (let at = 0; at < 3; at += 1) await store.blobs.put(randomBytes(2 * MB), owner);
    const late = store.blobs.putPieces(
      (async function* () {
        yield randomBytes(2 * MB);
        while ((await counts(owner)).files < 4) await new Promise((resolve) => setTimeout(resolve, 20));
        await store.blobs.deleteOfInstance(owner.instanceId);
      })(),
      owner,
    );
    await expect(late).rejects.toThrow('deleted while');
    expect(await counts(owner)).toEqual({ files: 0, chunks: 0 });
    expect((await store.blobs.get(kept)).length).toBe(2 * MB);
  });

  test('does not give half a blob for a whole one', async () => {
    const id = await store.blobs.put(randomBytes(3 * MB), anOwner());
    const file = await files().findOne({ filename: { $ne: '' } }, { sort: { uploadDate: -1 } });
    await chunks().deleteOne({ files_id: file!._id, n: 1 });
    await expect(store.blobs.get(id)).rejects.toThrow();
    await expect(store.blobs.get('0'.repeat(24))).rejects.toThrow();
  });

  test('finds the blobs of an instance by an index', async () => {
    await store.ensureIndexes();
    const plan = await files().find({ 'metadata.instanceId': 'x' }).explain();
    expect(JSON.stringify(plan)).toContain('IXSCAN');
    const staged = { 'metadata.state': { $exists: true }, uploadDate: { $lt: new Date() } };
    expect(JSON.stringify(await files().find(staged).explain())).toContain('IXSCAN');
  });
});
