import type { PlanFlowRetry } from '../../../engine/plan';

/** However often it doubles, the next attempt is at most a day away. */
const MOST_MINUTES = 24 * 60;

/** Minutes between a failure and the attempt of that number, from 1. */
export function retryDelayMinutes(
  { delayMinutes, usesExponentialBackoff }: PlanFlowRetry,
  attempt: number,
): number {
  return Math.min(usesExponentialBackoff ? delayMinutes * 2 ** (attempt - 1) : delayMinutes, MOST_MINUTES);
}
