import { Room } from '../../../src/services/executions/start/room';

const enterMany = (room: Room, customer: string, count: number) => {
  for (let at = 0; at < count; at += 1) room.enter(`${customer}-${at}`, customer);
};
/** Takes all that the customer is granted, until it is granted no more. */
const fill = (room: Room, customer: string): number => {
  let taken = 0;
  for (let left = room.left(customer); left > 0; left = room.left(customer)) {
    room.enter(`${customer}-${taken}`, customer);
    taken += 1;
  }
  return taken;
};

describe('the room for executions at work', () => {
  test('one customer alone may have most of it, but leaves something for the next one', () => {
    const room = new Room();
    expect(fill(room, 'flood')).toBe(75);
    expect(room.left('other')).toBeGreaterThanOrEqual(25);
  });

  test('something is left though several customers take all that they can, and they even out', () => {
    const room = new Room();
    for (const customer of ['a', 'b', 'c']) expect(fill(room, customer)).toBeGreaterThan(0);
    expect(room.left('latecomer')).toBeGreaterThan(0);
    // As executions end, the one with the most gets nothing until the others have as much.
    for (let at = 0; at < 20; at += 1) room.leave(`a-${at}`);
    expect(room.left('a')).toBeLessThan(room.left('latecomer'));
  });

  test('an execution that is started again counts once', () => {
    const room = new Room();
    for (let time = 0; time < 50; time += 1) room.enter('lost', 'a');
    expect([room.fresh, room.left('a')]).toEqual([1, 99]);
    room.leave('lost');
    expect([room.fresh, room.left('a')]).toEqual([0, 100]);
  });

  test('room comes back when an execution leaves, once', () => {
    const room = new Room();
    enterMany(room, 'a', 75);
    expect(room.left('a')).toBe(0);
    expect(room.leave('a-0')).toBe(true);
    expect(room.leave('a-0')).toBe(false);
    expect(room.left('a')).toBeGreaterThan(0);
    for (let at = 1; at < 75; at += 1) room.leave(`a-${at}`);
    expect(room.left('a')).toBe(100);
  });

  test('slow executions stop counting as fresh, so that fast ones find room; they stay bounded', () => {
    jest.useFakeTimers();
    try {
      const room = new Room();
      enterMany(room, 'slow', 75);
      expect(room.left('slow')).toBe(0);
      jest.advanceTimersByTime(1001);
      expect(room.left('slow')).toBe(100);
      expect(room.slow()).toHaveLength(75);
      for (let round = 0; round < 20; round += 1) {
        for (let left = room.left('slow'), at = 0; at < left; at += 1) room.enter(`r${round}-${at}`, 'slow');
        jest.advanceTimersByTime(1001);
      }
      expect(room.left('slow')).toBe(0);
      expect(room.left('fast')).toBe(100);
    } finally {
      jest.useRealTimers();
    }
  });
});
