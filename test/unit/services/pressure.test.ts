import { Pressure } from '../../../src/services/executions/start/pressure';
import { Room } from '../../../src/services/executions/start/room';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Says the same ten times a second. */
const sayFor = (pressure: Pressure, lagMs: number, ms: number) => {
  for (let at = 0; at < ms; at += 100) {
    pressure.say(lagMs);
    jest.advanceTimersByTime(100);
  }
};

describe('how much the workers take at once', () => {
  test('is less while they are late, down to a batch, and comes back bit by bit', () => {
    const pressure = new Pressure();
    expect(pressure.mostFresh).toBe(100);
    sayFor(pressure, 150, 600);
    expect(pressure.isHigh).toBe(true);
    expect(pressure.mostFresh).toBeLessThan(60);
    sayFor(pressure, 150, 5000);
    expect(pressure.mostFresh).toBe(50);
    sayFor(pressure, 5, 1000);
    expect(pressure.isHigh).toBe(false);
    expect(pressure.mostFresh).toBeGreaterThan(80);
    expect(pressure.mostFresh).toBeLessThan(110);
    sayFor(pressure, 5, 8000);
    expect(pressure.mostFresh).toBe(400);
  });

  test('stays as it is between late and in time', () => {
    const pressure = new Pressure();
    sayFor(pressure, 150, 600);
    const { mostFresh } = pressure;
    sayFor(pressure, 40, 3000);
    expect(pressure.mostFresh).toBe(mostFresh);
  });

  test('is in the middle again when nobody has said anything for a while', () => {
    const pressure = new Pressure();
    sayFor(pressure, 150, 5000);
    jest.advanceTimersByTime(2000);
    expect(pressure.isHigh).toBe(false);
    expect(pressure.mostFresh).toBe(100);
  });

  test('decides when an execution counts as slow: not while everything is', () => {
    const pressure = new Pressure();
    const room = new Room(undefined, pressure);
    sayFor(pressure, 150, 300);
    room.enter('one', 'a');
    sayFor(pressure, 150, 3000);
    expect(room.fresh).toBe(1);
    sayFor(pressure, 150, 3000);
    expect(room.fresh).toBe(0);
    room.enter('two', 'a');
    sayFor(pressure, 5, 1100);
    expect(room.fresh).toBe(0);
  });
});
