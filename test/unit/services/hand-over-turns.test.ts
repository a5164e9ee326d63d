import { setImmediate as nextTurn } from 'node:timers/promises';
import { inTurn } from '../../../src/services/executions/run/hand-over-turns';

/** What has begun, by name; each goes on until it is told to end. */
function subject() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const begin = (customer: string, name: string) =>
    inTurn(customer, () => {
      begun.push(name);
      return new Promise<void>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve()));
      });
    });
  return { begun, begin, end: (name: string, error?: Error) => ends.get(name)!(error) };
}

describe('executions that go on in drivers of their own', () => {
  it('begin a few at once, one of each customer in turn', async () => {
    const { begun, begin, end } = subject();
    const all = ['a1', 'a2', 'a3', 'a4'].map((name) => begin('a', name));
    all.push(begin('b', 'b1'));
    await nextTurn();
    expect(begun).toEqual(['a1', 'a2']);
    const order: string[] = [];
    for (const name of ['a1', 'a2', 'a3', 'b1', 'a4']) {
      await until(() => begun.includes(name));
      end(name);
      order.push(name);
    }
    await Promise.all(all);
    expect(begun.indexOf('b1')).toBeLessThan(begun.indexOf('a4'));
    expect(order).toHaveLength(5);
  });

  it('make room when they fail', async () => {
    const { begun, begin, end } = subject();
    const failing = ['a1', 'a2'].map((name) => begin('a', name));
    const next = begin('a', 'a3');
    await nextTurn();
    for (const name of ['a1', 'a2']) end(name, new Error('Temporal is away.'));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await until(() => begun.includes('a3'));
    end('a3');
    await next;
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
