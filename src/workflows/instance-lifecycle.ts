import { proxyActivities } from '@temporalio/workflow';
import type { LifecycleActivities, LifecycleInput, LifecycleResult } from '../temporal/contract';

/**
 * Calls the functions by which the triggers of an instance set up or clear away what they need elsewhere. Its id
 * lets it be one at a time. When the worker dies under it they are called again, which they must bear.
 */
export async function instanceLifecycle(input: LifecycleInput): Promise<LifecycleResult> {
  const { callLifecycleFunctions } = proxyActivities<LifecycleActivities>({
    startToCloseTimeout: input.limitMs,
    heartbeatTimeout: '12 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  });
  return callLifecycleFunctions(input);
}
