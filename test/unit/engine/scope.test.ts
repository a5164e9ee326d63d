import { type Past, Scope } from '../../../src/engine/scope';
import type { RecordedStep } from '../../../src/engine/walker-host';

const MB = 2 ** 20;

/** Records by path, and what was asked of them. */
function pastOf(records: Record<string, { path: string; data: unknown; bytes?: number }>, isEmpty = false) {
  const asked: string[] = [];
  const past: Past = {
    isEmpty,
    async find(wanted) {
      asked.push(...wanted.keys());
      const found = new Map<string, RecordedStep>();
      for (const [key, path] of wanted) {
        const record = records[key];
        if (!record || (path !== undefined && path !== record.path)) continue;
        const { data, bytes = 1 } = record;
        const value = async () => ({ data });
        found.set(key, {
          path: record.path,
          branch: null,
          error: null,
          startedAt: new Date(0),
          bytes,
          value,
        });
      }
      return found;
    },
  };
  return { past, asked };
}

describe('a result of a former walk', () => {
  it('is read once, when it is asked for', async () => {
    const { past, asked } = pastOf({ a: { path: '1', data: 'A' } });
    const scope = new Scope({}, undefined, past);
    await scope.recall(['a', 'b']);
    await scope.recall(['a', 'b']);
    expect(scope.read(['a', 'results'])).toBe('A');
    expect(scope.read(['b', 'results'])).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
  });

  it('is not looked for once its step was forgotten, nor where no walk came before', async () => {
    const { past, asked } = pastOf({ a: { path: '1', data: 'A' } });
    const scope = new Scope({}, undefined, past);
    scope.forget(['a']);
    await scope.recall(['a']);
    expect(scope.read(['a', 'results'])).toBeUndefined();
    const fresh = pastOf({ a: { path: '1', data: 'A' } }, true);
    await new Scope({}, undefined, fresh.past).recall(['a']);
    expect([...asked, ...fresh.asked]).toEqual([]);
  });
});

describe('results that do not fit into memory together', () => {
  it('are let go, those used last at last, and read again when they are asked for', async () => {
    const keys = ['a', 'b', 'c'];
    const records = Object.fromEntries(
      keys.map((key, at) => [key, { path: String(at), data: key, bytes: 30 * MB }]),
    );
    const { past, asked } = pastOf(records, true);
    const scope = new Scope({}, undefined, past);
    for (const [at, key] of keys.entries())
      scope.setResult(key, { data: key }, { path: String(at), bytes: 30 * MB });
    expect(keys.map((key) => scope.read([key, 'results']))).toEqual([undefined, 'b', 'c']);
    await scope.recall(['b', 'a']);
    expect(asked).toEqual(['a']);
    expect(keys.map((key) => scope.read([key, 'results']))).toEqual(['a', 'b', undefined]);
    await scope.recall(keys);
    expect(keys.map((key) => scope.read([key, 'results']))).toEqual(keys);
  });

  it('never take away the present item of a loop', () => {
    const scope = new Scope({});
    scope.setIteration('loop', 'item', 3);
    for (const key of ['a', 'b', 'c']) scope.setResult(key, { data: key }, { path: key, bytes: 60 * MB });
    expect(scope.read(['loop', 'index'])).toBe(3);
  });
});

describe('a result that nobody reads', () => {
  it('is not kept', () => {
    const scope = new Scope({}, new Set(['a']));
    scope.setResult('a', { data: 1 });
    scope.setResult('b', { data: 2 });
    expect(scope.views(['a', 'b'])).toEqual({ a: { results: 1 } });
  });
});
