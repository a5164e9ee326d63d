import { untilNextBoarding, untilNextStart } from '../../../src/services/executions/start/pace';
import { Pressure } from '../../../src/services/executions/start/pressure';

describe('a start that is not full', () => {
  test('goes 100 ms after the former one while the workers are in time', () => {
    expect(untilNextStart({ sinceMs: 0, lagMs: 0 })).toBe(100);
    expect(untilNextStart({ sinceMs: 70, lagMs: 0 })).toBe(30);
    expect(untilNextStart({ sinceMs: 100, lagMs: 0 })).toBe(0);
    expect(untilNextStart({ sinceMs: 5000, lagMs: 0 })).toBe(0);
  });

  test('goes later the later they are, and never later than 300 ms', () => {
    const waits = [0, 5, 10, 20, 25, 60, 5000].map((lagMs) => untilNextStart({ sinceMs: 50, lagMs }));
    expect(waits).toEqual([50, 90, 130, 210, 250, 250, 250]);
  });

  test('goes at once when the clock was set back behind the former one', () => {
    expect(untilNextStart({ sinceMs: -3_600_000, lagMs: 10 })).toBe(0);
  });
});

describe('what goes along with a batch that has begun', () => {
  test('goes sooner than a start would, a little later while the workers are late', () => {
    const waits = [0, 5, 10, 100].map((lagMs) => untilNextBoarding({ sinceMs: 5, lagMs }));
    expect(waits).toEqual([20, 30, 40, 55]);
    expect(untilNextBoarding({ sinceMs: 25, lagMs: 0 })).toBe(0);
  });
});

describe('how late the workers are', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('is what was said last, and nothing once nobody has said anything for two seconds', () => {
    const pressure = new Pressure();
    expect(pressure.lagMs).toBe(0);
    pressure.say(40);
    pressure.say(15);
    expect(pressure.lagMs).toBe(15);
    jest.advanceTimersByTime(1999);
    expect(pressure.lagMs).toBe(15);
    jest.advanceTimersByTime(1);
    expect(pressure.lagMs).toBe(0);
  });
});
