import { RunnerLoad } from '../../../../src/components/runner/runner-load';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

/** Says what the process has done since it began, so many ms after the last time. */
const sayAfter = (load: RunnerLoad, ms: number, cpuMs: number, calls: number) => {
  jest.advanceTimersByTime(ms);
  load.say({ cpuMs, calls });
  return [load.share, load.msPerCall];
};

describe('how busy a runner process is', () => {
  test('is not known from what it says first', () => {
    expect(sayAfter(new RunnerLoad(), 5000, 4000, 10)).toEqual([0, 0]);
  });

  test('is its processor time between the last two times that it said something, by time and by call', () => {
    const load = new RunnerLoad();
    sayAfter(load, 5000, 4000, 10);
    expect(sayAfter(load, 2000, 5000, 110)).toEqual([0.5, 10]);
    expect(sayAfter(load, 1000, 5750, 113)).toEqual([0.75, 250]);
  });

  test('is not taken from less than a second, which counts with what follows', () => {
    const load = new RunnerLoad();
    sayAfter(load, 5000, 0, 0);
    sayAfter(load, 1000, 250, 100);
    expect(sayAfter(load, 999, 1249, 101)).toEqual([0.25, 2.5]);
    expect(sayAfter(load, 1, 1250, 102)).toEqual([1, 500]);
  });

  test('is told for a call though none has come to its end', () => {
    const load = new RunnerLoad();
    sayAfter(load, 5000, 0, 7);
    expect(sayAfter(load, 1000, 900, 7)).toEqual([0.9, 900]);
  });

  test('is nothing once it has said nothing for three seconds, but its calls are remembered', () => {
    const load = new RunnerLoad();
    sayAfter(load, 5000, 0, 0);
    sayAfter(load, 1000, 800, 100);
    jest.advanceTimersByTime(2999);
    expect(load.share).toBe(0.8);
    jest.advanceTimersByTime(1);
    expect([load.share, load.msPerCall]).toEqual([0, 8]);
  });
});
