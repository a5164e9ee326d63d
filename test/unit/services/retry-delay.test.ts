import { retryDelayMinutes } from '../../../src/services/executions/retry/retry-delay';

const delays = (delayMinutes: number, usesExponentialBackoff: boolean): number[] =>
  Array.from({ length: 10 }, (_, at) =>
    retryDelayMinutes({ maxAttempts: 10, delayMinutes, usesExponentialBackoff }, at + 1),
  );

describe('the delay before a run anew', () => {
  it('stays the same without back-off', () => {
    expect(delays(4, false)).toEqual(Array(10).fill(4));
    expect(delays(0, true)).toEqual(Array(10).fill(0));
  });

  it('doubles with back-off, up to a day', () => {
    expect(delays(3, true)).toEqual([3, 6, 12, 24, 48, 96, 192, 384, 768, 1440]);
    expect(delays(60, true).at(-1)).toBe(1440);
  });
});
