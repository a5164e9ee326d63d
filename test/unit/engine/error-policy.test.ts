import { ignoresError, retryDelayMs } from '../../../src/engine/error-policy';
import { FAIL, IGNORE, retry } from './plan-builder';

describe('tries after a failed one', () => {
  it('are granted by the policy retry alone, whatever the numbers say', () => {
    expect(retryDelayMs({ ...FAIL, maxAttempts: 5, delaySeconds: 10 }, 1)).toBeUndefined();
    expect(retryDelayMs({ ...IGNORE, maxAttempts: 5, delaySeconds: 10 }, 1)).toBeUndefined();
  });

  it('are as many as maxAttempts, each after the delay', () => {
    const policy = retry(2, { delaySeconds: 10 });
    expect([1, 2, 3].map((failures) => retryDelayMs(policy, failures))).toEqual([10_000, 10_000, undefined]);
    expect(retryDelayMs(retry(0), 1)).toBeUndefined();
  });

  it('wait twice as long each time with back-off', () => {
    const policy = retry(4, { delaySeconds: 3, usesExponentialBackoff: true });
    expect([1, 2, 3, 4, 5].map((failures) => retryDelayMs(policy, failures))).toEqual([
      3000,
      6000,
      12_000,
      24_000,
      undefined,
    ]);
  });
});

describe('going on after the last try', () => {
  it('is for the policy ignore, and for retry with ignoreFinalError', () => {
    expect(ignoresError(IGNORE)).toBe(true);
    expect(ignoresError(retry(1, { ignoreFinalError: true }))).toBe(true);
    expect(ignoresError(retry(1))).toBe(false);
    expect(ignoresError(FAIL)).toBe(false);
    expect(ignoresError({ ...FAIL, ignoreFinalError: true })).toBe(false);
  });
});
