import { inCompany, patienceMs } from '../../../src/services/in-company';

describe('how long a write may wait for others', () => {
  test('is a fiftieth of what went before it, 50 ms at most, and nothing behind a quick step', () => {
    expect([0, 5, 49, 50, 500, 2000, 2500, 60_000, -3].map(patienceMs)).toEqual([
      0, 0, 0, 1, 10, 40, 50, 50, 0,
    ]);
  });
});

describe('items that may wait for others', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const company = () => {
    const written: string[] = [];
    const write = async (item: string) => {
      written.push(item);
      if (item === 'broken') throw new Error('away');
      return item.toUpperCase();
    };
    return { written, ...inCompany(write) };
  };

  test('go when the first of them is due, in the order in which they came', async () => {
    const { written, add } = company();
    const all = [add('a', 40), add('b', 10), add('c', 30)];
    jest.advanceTimersByTime(9);
    expect(written).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(written).toEqual(['a', 'b', 'c']);
    expect(await Promise.all(all)).toEqual(['A', 'B', 'C']);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('go before one that may not wait, at once', () => {
    const { written, add } = company();
    void add('patient', 50);
    void add('hasty', 0);
    expect(written).toEqual(['patient', 'hasty']);
  });

  test('go at once when somebody hurries, and what comes later waits anew', () => {
    const { written, add, hurry } = company();
    void add('a', 50);
    hurry();
    void add('b', 50);
    jest.advanceTimersByTime(49);
    expect(written).toEqual(['a']);
    jest.advanceTimersByTime(1);
    expect(written).toEqual(['a', 'b']);
  });

  test('have each its own error', async () => {
    const { add, hurry } = company();
    const results = Promise.allSettled([add('a', 50), add('broken', 50), add('c', 50)]);
    hurry();
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
