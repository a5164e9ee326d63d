import { groupCommit } from '../../../src/services/group-commit';

interface Write {
  items: string[];
  finish(errors?: (Error | undefined)[]): void;
  fail(error: Error): void;
}

/** A commit whose writes the test ends by hand. */
function manual({ maxItems = 100, lanes = 1 } = {}) {
  const writes: Write[] = [];
  const commit = groupCommit<string>(
    { maxItems, lanes },
    (items) =>
      new Promise((resolve, reject) => {
        writes.push({ items, finish: (errors = []) => resolve(errors), fail: reject });
      }),
  );
  return { commit, writes };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('writes the item of a quiet caller at once and alone', async () => {
    const { commit, writes } = manual();
    void commit('a');
    await settled();
    expect(writes.map(({ items }) => items)).toEqual([['a']]);
  });

  it('gathers what arrives during a write into the next one, in order', async () => {
    const { commit, writes } = manual();
    const first = commit('a');
    await settled();
    const all = [first, ...['b', 'c', 'd'].map((item) => commit(item))];
    expect(writes).toHaveLength(1);
    writes[0]!.finish();
    await settled();
    expect(writes.map(({ items }) => items)).toEqual([['a'], ['b', 'c', 'd']]);
    writes[1]!.finish();
    await Promise.all(all);
  });

  it('resolves no item before its own write is done', async () => {
    const { commit, writes } = manual();
    const done: string[] = [];
    void commit('a').then(() => done.push('a'));
    await settled();
    void commit('b').then(() => done.push('b'));
    await settled();
    expect(done).toEqual([]);
    writes[0]!.finish();
    await settled();
    expect(done).toEqual(['a']);
    writes[1]!.finish();
    await settled();
    expect(done).toEqual(['a', 'b']);
  });

  it('writes at most so many at once', async () => {
    const { commit, writes } = manual({ maxItems: 2 });
    void commit('a');
    await settled();
    for (const item of ['b', 'c', 'd', 'e', 'f']) void commit(item);
    for (let at = 0; at < 4; at += 1) {
      writes[at]!.finish();
      await settled();
    }
    expect(writes.map(({ items }) => items)).toEqual([['a'], ['b', 'c'], ['d', 'e'], ['f']]);
  });

  it('writes a crowd beside the write that is on its way, but not a few', async () => {
    const { commit, writes } = manual({ lanes: 2 });
    const sizes = () => writes.map(({ items }) => items.length);
    const sent = [commit('a')];
    await settled();
    for (let count = 0; count < 15; count += 1) sent.push(commit('few'));
    await settled();
    expect(sizes()).toEqual([1]);
    sent.push(commit('crowd'));
    await settled();
    expect(sizes()).toEqual([1, 16]);
    sent.push(...Array.from({ length: 20 }, () => commit('third')));
    await settled();
    expect(sizes()).toEqual([1, 16]);
    // Whichever lane ends last takes what is left.
    writes[0]!.finish();
    await settled();
    expect(sizes()).toEqual([1, 16, 20]);
    sent.push(commit('last'));
    writes[2]!.finish();
    writes[1]!.finish();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sizes()).toEqual([1, 16, 20, 1]);
    writes[3]!.finish();
    await Promise.all(sent);
  });

  it('waits a moment for others where several wrote a moment ago, in a busy process alone', async () => {
    const sizesOf = async (sources: string[], late: number) => {
      const sizes: number[] = [];
      const options = { maxItems: 100, sourceOf: (item: string) => item, lateMs: () => late };
      const commit = groupCommit<string>(options, async (items) => {
        sizes.push(items.length);
        return [];
      });
      // Each comes when the one before it is written.
      for (const source of sources) await commit(source);
      await Promise.all([commit('late'), settled().then(() => commit('later'))]);
      return sizes;
    };
    // One that writes much alone waits never.
    const alone = Array<string>(8).fill('a');
    expect(await sizesOf(alone, 20)).toEqual([...Array<number>(8).fill(1), 1, 1]);
    const several = ['a', 'b', 'c'];
    // Not where the machine stands still between them: then it is no moment ago.
    const tries: number[][] = [];
    while (tries.length < 20 && tries.at(-1)?.length !== 4) tries.push(await sizesOf(several, 20));
    expect(tries.at(-1)).toEqual([1, 1, 1, 2]);
    // Where there is time for all, nobody waits.
    expect(await sizesOf(several, 2)).toEqual([1, 1, 1, 1, 1]);
  });

  it('gives each item its own error', async () => {
    const { commit, writes } = manual();
    void commit('first');
    await settled();
    const others = Promise.allSettled([commit('a'), commit('b'), commit('c')]);
    writes[0]!.finish();
    await settled();
    writes[1]!.finish([undefined, new Error('b is older'), undefined]);
    expect((await others).map((one) => (one.status === 'rejected' ? String(one.reason) : 'stored'))).toEqual([
      'stored',
      'Error: b is older',
      'stored',
    ]);
  });

  it('fails all items of a write that failed whole, and goes on with the next', async () => {
    const { commit, writes } = manual();
    const first = commit('a').catch(String);
    await settled();
    const second = commit('b');
    writes[0]!.fail(new Error('away'));
    expect(await first).toBe('Error: away');
    expect(writes[1]!.items).toEqual(['b']);
    writes[1]!.finish();
    await expect(second).resolves.toBeUndefined();
    void commit('c');
    await settled();
    expect(writes[2]!.items).toEqual(['c']);
  });

  it('survives a write that throws at once', async () => {
    const commit = groupCommit<string>({ maxItems: 10 }, () => {
      throw new Error('no driver');
    });
    await expect(commit('a')).rejects.toThrow('no driver');
    await expect(commit('b')).rejects.toThrow('no driver');
  });
});
