import { FairQueue } from '../../src/fair-queue';

const plenty = () => Number.POSITIVE_INFINITY;

describe('the queue of what waits for a batch', () => {
  const filled = (counts: Record<string, number>) => {
    const queue = new FairQueue<string>();
    for (const [customer, count] of Object.entries(counts))
      for (let at = 0; at < count; at += 1) queue.push(customer, `${customer}${at}`);
    return queue;
  };

  test('one of each customer goes in turn, in the order of their arrival', () => {
    const queue = filled({ noisy: 100, quiet: 2, other: 1 });
    expect(queue.take(6, plenty)).toEqual(['noisy0', 'quiet0', 'other0', 'noisy1', 'quiet1', 'noisy2']);
    expect(queue.size).toBe(97);
    expect(queue.take(2, plenty)).toEqual(['noisy3', 'noisy4']);
  });

  test('who was served waits behind who was not, also over several batches', () => {
    const queue = filled({ a: 3, b: 3, c: 3 });
    expect(queue.take(2, plenty)).toEqual(['a0', 'b0']);
    expect(queue.take(2, plenty)).toEqual(['c0', 'a1']);
    expect(queue.take(9, plenty)).toEqual(['b1', 'c1', 'a2', 'b2', 'c2']);
    expect(queue.size).toBe(0);
  });

  test('a customer gets no more than its room, and the others fill the batch', () => {
    const queue = filled({ full: 10, free: 10 });
    const roomOf = (customer: string) => (customer === 'full' ? 1 : plenty());
    expect(queue.take(5, roomOf)).toEqual(['full0', 'free0', 'free1', 'free2', 'free3']);
    expect(queue.take(5, () => 0)).toEqual([]);
    expect(queue.size).toBe(15);
  });

  test('what matches can be taken out, and nothing else goes with it', () => {
    const queue = filled({ a: 2, b: 2 });
    expect(queue.remove((item) => item.endsWith('0'))).toEqual(['a0', 'b0']);
    expect(queue.take(9, plenty)).toEqual(['a1', 'b1']);
  });
});
