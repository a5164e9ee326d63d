import { areEnough, chooseRunner } from '../../../../src/components/runner/choose-runner';
import { RunnerLoad } from '../../../../src/components/runner/runner-load';
import type { RunnerProcess } from '../../../../src/components/runner/runner-process';
import { SignsOfLife } from '../../../../src/components/runner/signs-of-life';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

interface Wanted {
  calls?: number;
  /** Of a processor. */
  share?: number;
  msPerCall?: number;
  /** How often it has fallen silent. */
  silences?: number;
  isReady?: boolean;
  bundles?: string[];
}

/** What is looked at of processes that have said so much of themselves, without the processes. */
function runners(...wanted: Wanted[]): RunnerProcess[] {
  const made = wanted.map(({ calls = 1, share = 0, msPerCall = 1, isReady = true, bundles = [] }) => ({
    calls: new Map(Array.from({ length: calls }, (_, id) => [id, id])),
    load: new RunnerLoad(),
    life: new SignsOfLife(() => undefined),
    isReady,
    has: (path: string) => bundles.includes(path),
    said: { cpuMs: share * 1000, calls: (share * 1000) / msPerCall },
  }));
  jest.advanceTimersByTime(10_000);
  for (const { load } of made) load.say({ cpuMs: 0, calls: 0 });
  jest.advanceTimersByTime(1000);
  for (const { load, said } of made) load.say(said);
  for (let silence = 1; silence <= 2; silence += 1) {
    for (const { life } of made) life.heard();
    for (const { life } of made) life.answered();
    const fallingSilent = made.filter((_, at) => (wanted[at]!.silences ?? 0) >= silence);
    for (const { life } of fallingSilent) life.ask();
    jest.advanceTimersByTime(300);
    for (const { life } of fallingSilent) life.listen(true);
    // The last silence goes on.
    if (fallingSilent.length > 0 && !wanted.some(({ silences = 0 }) => silences > silence)) break;
  }
  return made as unknown as RunnerProcess[];
}

const chosen = (all: RunnerProcess[], bundlePath?: string) => all.indexOf(chooseRunner(all, bundlePath)!);

describe('one more process', () => {
  test('is of no use while one has nothing to do', () => {
    expect(areEnough(runners({ share: 1, msPerCall: 500 }, { calls: 0 }))).toBe(true);
  });

  test('is wanted once three quarters of each one’s processor are taken', () => {
    expect(areEnough(runners({ share: 0.75 }))).toBe(true);
    expect(areEnough(runners({ share: 0.76 }))).toBe(false);
    expect(areEnough(runners({ share: 0.7 }, { share: 0.8 }))).toBe(true);
    expect(areEnough(runners({ share: 0.7 }, { share: 0.81 }))).toBe(false);
    expect(areEnough([])).toBe(false);
  });

  test('is wanted beside calls of more than 10 ms each, however little there is to do', () => {
    expect(areEnough(runners({ share: 0.1, msPerCall: 10 }))).toBe(true);
    expect(areEnough(runners({ share: 0.1, msPerCall: 12.5 }))).toBe(false);
    expect(areEnough(runners({}, {}, { share: 0.1, msPerCall: 12.5 }))).toBe(false);
  });

  test('is wanted for one that falls silent again and again, not for one that does once', () => {
    expect(areEnough(runners({ silences: 1 }))).toBe(true);
    expect(areEnough(runners({ silences: 2 }))).toBe(false);
    expect(areEnough(runners({ silences: 2 }, {}))).toBe(true);
  });
});

describe('the next call', () => {
  test('has no process where there is none', () => {
    expect(chooseRunner([])).toBeUndefined();
  });

  test('goes to no more processes than the work fills, the first ones', () => {
    expect(chosen(runners({ calls: 9, share: 0.4 }, { calls: 1, share: 0.3 }))).toBe(0);
    expect(chosen(runners({ calls: 9, share: 0.4 }, { calls: 1, share: 0.4 }))).toBe(1);
    expect(chosen(runners({ calls: 9, share: 0.7 }, { calls: 5, share: 0.5 }, { calls: 1 }))).toBe(1);
  });

  test('goes to any, that with the fewest, where calls are long', () => {
    expect(chosen(runners({ calls: 3 }, { calls: 2, share: 0.1, msPerCall: 20 }, { calls: 1 }))).toBe(2);
  });

  test('goes to one that answers, and to that with the fewest of all where none does', () => {
    expect(chosen(runners({ calls: 1, silences: 1 }, { calls: 9 }))).toBe(1);
    expect(chosen(runners({ calls: 3, silences: 1 }, { calls: 2, silences: 1 }))).toBe(1);
  });

  test('goes to one that has the bundle, unless four calls more are there', () => {
    const filled = { share: 0.7, bundles: ['/b'] };
    expect(chosen(runners({ calls: 1, share: 0.7 }, { ...filled, calls: 4 }), '/b')).toBe(1);
    expect(chosen(runners({ calls: 1, share: 0.7 }, { ...filled, calls: 5 }), '/b')).toBe(0);
    expect(chosen(runners({ calls: 1, share: 0.7 }, { ...filled, calls: 4 }))).toBe(0);
  });

  test('goes to one that is not ready only where the others have 32 calls more', () => {
    const starting = { share: 0.7, calls: 1, isReady: false };
    expect(chosen(runners({ ...starting, calls: 0 }, { share: 0.7, calls: 31 }))).toBe(1);
    expect(chosen(runners({ ...starting, calls: 0 }, { share: 0.7, calls: 33 }))).toBe(0);
  });
});
