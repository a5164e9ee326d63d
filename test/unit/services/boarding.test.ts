import { Boarding } from '../../../src/services/executions/start/boarding';
import type { Traveller } from '../../../src/services/executions/start/departure';

const traveller = (id: string) => ({ execution: { _id: id } }) as Traveller;
const idsOf = (travellers: Traveller[]) => travellers.map(({ execution }) => execution._id);

describe('batches that take more along', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('are served in the order in which their workers asked, each with its own room', async () => {
    const boarding = new Boarding();
    expect(boarding.room).toBe(0);
    const first = boarding.ask({ room: 7, forMs: 250, isLast: false });
    const second = boarding.ask({ room: 3, forMs: 250, isLast: true });
    expect([boarding.room, boarding.isLast]).toEqual([7, false]);
    boarding.board([traveller('a'), traveller('b')]);
    expect(idsOf(await first)).toEqual(['a', 'b']);
    expect([boarding.room, boarding.isLast]).toEqual([3, true]);
    boarding.board([traveller('c')]);
    expect(idsOf(await second)).toEqual(['c']);
    expect([boarding.room, boarding.isLast]).toEqual([0, false]);
  });

  test('are told that nobody comes when their time is over, and take nobody then', async () => {
    const boarding = new Boarding();
    const asked = boarding.ask({ room: 7, forMs: 250, isLast: false });
    jest.advanceTimersByTime(249);
    expect(boarding.room).toBe(7);
    jest.advanceTimersByTime(1);
    expect(await asked).toEqual([]);
    expect(boarding.room).toBe(0);
    expect(() => boarding.board([traveller('late')])).toThrow('No batch asks for more.');
  });

  test('are all told that nobody comes when the process stops', async () => {
    const boarding = new Boarding();
    const asked = [1, 2, 3].map((room) => boarding.ask({ room, forMs: 250, isLast: false }));
    boarding.close();
    expect(await Promise.all(asked)).toEqual([[], [], []]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
