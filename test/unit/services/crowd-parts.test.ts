import { CrowdParts } from '../../../src/services/executions/start/crowd-parts';
import { Pressure } from '../../../src/services/executions/start/pressure';
import { Room } from '../../../src/services/executions/start/room';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the part of a crowd that goes with the next start', () => {
  test('waits until it is worth a workflow; a few that are all go at once', () => {
    const parts = new CrowdParts();
    expect(parts.of('crowd', { waiting: 500, room: 12, worth: 25 })).toBe(0);
    expect(parts.of('crowd', { waiting: 500, room: 25, worth: 25 })).toBe(25);
    expect(parts.of('few', { waiting: 3, room: 12, worth: 25 })).toBe(12);
    expect(parts.of('none', { waiting: 0, room: 0, worth: 25 })).toBe(0);
  });

  test('needs to be worth less the longer it is held back, and anew as much when one has gone', () => {
    const parts = new CrowdParts();
    const offer = { waiting: 500, room: 10, worth: 25 };
    expect(parts.of('crowd', offer)).toBe(0);
    jest.advanceTimersByTime(2000);
    expect(parts.of('crowd', offer)).toBe(0);
    jest.advanceTimersByTime(1100);
    expect(parts.of('crowd', offer)).toBe(10);
    expect(parts.of('crowd', offer)).toBe(0);
  });

  test('goes on beside many customers whose few take what becomes free, and is not held back for good', () => {
    const [parts, room] = [new CrowdParts(), new Room(undefined, new Pressure())];
    let begun = 0;
    // Every 50 ms four of other customers begin, each fresh for a second: 80 of the 100 places are theirs.
    for (let tick = 0; tick < 400; tick += 1) {
      for (let each = 0; each < 4 && room.left(`small-${tick}-${each}`) > 0; each += 1)
        room.enter(`${tick}/${each}`, `small-${tick}-${each}`);
      // The crowd comes when they are there.
      const waiting = tick < 40 ? 0 : 500;
      const part = Math.min(waiting, parts.of('crowd', { waiting, room: room.left('crowd'), worth: 25 }));
      for (let each = 0; each < part; each += 1) room.enter(`crowd/${begun + each}`, 'crowd');
      begun += part;
      jest.advanceTimersByTime(50);
    }
    // Of 18 s: it never has room for what is worth a workflow.
    expect(begun).toBeGreaterThan(100);
  });
});
