import type { PlanErrorPolicy } from './plan';

/** Milliseconds before the next try, or undefined when the step has no try left. */
export function retryDelayMs(policy: PlanErrorPolicy, failures: number): number | undefined {
  if (policy.type !== 'retry' || failures > policy.maxAttempts) return undefined;
  const factor = policy.usesExponentialBackoff ? 2 ** (failures - 1) : 1;
  return policy.delaySeconds * 1000 * factor;
}

/** Whether the flow goes on after the step's last try has failed. */
export function ignoresError(policy: PlanErrorPolicy): boolean {
  return policy.type === 'ignore' || (policy.type === 'retry' && policy.ignoreFinalError);
}
