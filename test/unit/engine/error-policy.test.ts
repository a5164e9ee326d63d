import { ignoresError, retryDelayMs } from '../../../src/engine/error-policy';
import type { StepError } from '../../../src/engine/walker-host';
import { FAIL, IGNORE, retry } from './plan-builder';

const FAULT: StepError = { code: 'component_error', message: 'It failed.' };
const REFUSAL: StepError = { ...FAULT, httpStatus: 401 };

describe('tries after a failed one', () => {
  it('are granted by the policy retry alone, whatever the numbers say', () => {
    expect(retryDelayMs({ ...FAIL, maxAttempts: 5, delaySeconds: 10 }, 1, FAULT)).toBeUndefined();
    expect(retryDelayMs({ ...IGNORE, maxAttempts: 5, delaySeconds: 10 }, 1, FAULT)).toBeUndefined();
  });

  it('are as many as maxAttempts, each after the delay', () => {
    const policy = retry(2, { delaySeconds: 10 });
    expect([1, 2, 3].map((failures) => retryDelayMs(policy, failures, FAULT))).toEqual([
      10_000,
      10_000,
      undefined,
    ]);
    expect(retryDelayMs(retry(0), 1, FAULT)).toBeUndefined();
  });

  it('wait twice as long each time with back-off', () => {
    const policy = retry(4, { delaySeconds: 3, usesExponentialBackoff: true });
    expect([1, 2, 3, 4, 5].map((failures) => retryDelayMs(policy, failures, FAULT))).toEqual([
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
    expect(ignoresError(IGNORE, FAULT)).toBe(true);
    expect(ignoresError(retry(1, { ignoreFinalError: true }), FAULT)).toBe(true);
    expect(ignoresError(retry(1), FAULT)).toBe(false);
    expect(ignoresError(FAIL, FAULT)).toBe(false);
    expect(ignoresError({ ...FAIL, ignoreFinalError: true }, FAULT)).toBe(false);
  });
});

describe('a trigger that refuses its request', () => {
  it('has answered it: it is neither tried again nor passed by', () => {
    expect(retryDelayMs(retry(3), 1, REFUSAL)).toBeUndefined();
    expect(ignoresError(IGNORE, REFUSAL)).toBe(false);
    expect(ignoresError(retry(1, { ignoreFinalError: true }), REFUSAL)).toBe(false);
  });
});
