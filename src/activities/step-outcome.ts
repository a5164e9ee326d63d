import type { PerformError } from '../components/runner/contract';
import type { FinishedStep } from '../engine/walker-host';
import { answerFields } from './answer-fields';
import { cutError } from './bounded-step';

/**
 * What a step leaves of what its action returned; keys that mean nothing are dropped. `warn` is told what of an HTTP
 * answer cannot be sent.
 */
export function finishedStep(returned: unknown, warn?: (message: string) => void): FinishedStep {
  const result = (returned ?? {}) as Record<string, unknown>;
  const value = {
    data: result['data'],
    ...answerFields(result, warn),
  };
  return { value, branch: branchOf(result), error: null };
}

/** What a failed call leaves; a step whose error is ignored shows it beside its missing data. */
export function failedStep(
  failure: Pick<PerformError, 'message' | 'httpStatus'> & { code: string },
): FinishedStep {
  const { code, message, httpStatus } = failure;
  const finished: FinishedStep = { value: {}, branch: null, error: { code, message } };
  cutError(finished);
  if (!finished.error) return finished;
  finished.value = { failed: true, error: finished.error };
  if (httpStatus !== undefined) finished.error = { ...finished.error, httpStatus };
  return finished;
}

export function branchOf(result: Record<string, unknown>): string | null {
  return typeof result['branch'] === 'string' ? result['branch'] : null;
}
