import type { PlanErrorPolicy } from './plan';
import type { StepError } from './walker-host';

/** A trigger that refuses its request has answered it: neither a further try nor the rest of the flow comes behind. */
const isRefusal = ({ httpStatus }: StepError): boolean => httpStatus !== undefined;

/** Milliseconds before the next try, or undefined when the step has no try left. */
export function retryDelayMs(
  policy: PlanErrorPolicy,
  failures: number,
  error: StepError,
): number | undefined {
  if (isRefusal(error) || policy.type !== 'retry' || failures > policy.maxAttempts) return undefined;
  const factor = policy.usesExponentialBackoff ? 2 ** (failures - 1) : 1;
  return policy.delaySeconds * 1000 * factor;
}

/** What the readers of a run's log are told of a try behind which comes another; the message may be long. */
export function failedTryLine(
  { maxAttempts }: PlanErrorPolicy,
  failures: number,
  delayMs: number,
  { message }: StepError,
): string {
  const when = delayMs === 0 ? 'at once' : `in ${delayMs / 1000} s`;
  return `Attempt ${failures} of ${maxAttempts + 1} failed, the next one follows ${when}: ${message}`;
}

/** Whether the flow goes on after the step's last try has failed. */
export function ignoresError(policy: PlanErrorPolicy, error: StepError): boolean {
  if (isRefusal(error)) return false;
  return policy.type === 'ignore' || (policy.type === 'retry' && policy.ignoreFinalError);
}
