import { memberOrder, queueOrder } from '../../../src/services/executions/queue/queue-order';

const at = (ms: number) => new Date(ms);

describe('the order of a queue', () => {
  it('is that of acceptance, and of ids within a millisecond', () => {
    const orders = [
      queueOrder(at(999), 'z'),
      queueOrder(at(1_000), 'b'),
      queueOrder(at(1_000), 'c'),
      queueOrder(at(10_000_000_000_000), 'a'),
    ];
    expect(orders.toSorted()).toEqual(orders);
  });

  it('puts the items of a run behind it, by page and place, and before what came later', () => {
    const run = { acceptedAt: at(1_000), _id: 'a' };
    const orders = [
      queueOrder(run.acceptedAt, run._id),
      memberOrder(run, 0, 9),
      memberOrder(run, 0, 10),
      memberOrder(run, 2, 0),
      memberOrder(run, 10, 0),
      queueOrder(at(1_001), 'a'),
    ];
    expect(orders.toSorted()).toEqual(orders);
  });
});
