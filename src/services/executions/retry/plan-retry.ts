import type { Execution, ExecutionError, InvokeType } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { uuidv5 } from '../../ids';
import { loadPlan } from '../../plans/load-plan';
import { findNewerRequest } from './newer-request';
import { retryDelayMinutes } from './retry-delay';

/** What somebody asked for, or what no further attempt can cure. */
const FINAL = new Set(['cancelled', 'terminated', 'not_found']);
/** A removal waits for the first; people run the others by hand. */
const NEVER: readonly InvokeType[] = ['TEAR_DOWN_FLOW', 'INTEGRATION_FLOW_TEST', 'INTEGRATION_ENDPOINT_TEST'];

/** What a failed execution's last write says of the attempt that follows; null where none does. */
export type PlannedRetry = Pick<Execution, 'nextRetry' | 'maxRetryCount' | 'canceledByExecutionId'>;

/**
 * Decides whether a run that failed is tried again, and when. Only asynchronous ones are, as often as the flow says,
 * and none after a newer request with the same id.
 */
export async function planRetry(
  deps: Deps,
  execution: Execution,
  error: ExecutionError,
): Promise<PlannedRetry | null> {
  if (execution.isSynchronous || execution.isPreprocess || FINAL.has(error.code)) return null;
  // The sender was told that it is refused.
  if (error.httpStatus !== undefined) return null;
  if (NEVER.includes(execution.invokeType) && execution.fanOutOf === undefined) return null;
  const { flows } = await loadPlan(deps, execution.planId);
  const retry = flows.find(({ stableKey }) => stableKey === execution.flowStableKey)?.retry;
  if (!retry || retry.maxAttempts < 1) return null;
  const maxRetryCount = retry.maxAttempts;
  const attempt = (execution.retryOf?.count ?? 0) + 1;
  if (attempt > maxRetryCount) return { maxRetryCount };
  const newer = await findNewerRequest(deps, execution);
  if (newer) return { maxRetryCount, canceledByExecutionId: newer };
  const delayMs = retryDelayMinutes(retry, attempt) * deps.env.TENON_RETRY_MINUTE_MS;
  const rootId = execution.retryOf?.rootId ?? execution._id;
  return {
    maxRetryCount,
    nextRetry: {
      executionId: uuidv5(rootId, `retry:${attempt}`),
      at: new Date(Date.now() + delayMs),
      isMade: false,
    },
  };
}
