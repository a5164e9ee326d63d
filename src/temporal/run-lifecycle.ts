import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { AppError } from '../errors';
import type { LifecycleResult } from './contract';
import type { LifecycleStart } from './gateway';
import { fitSummary, LIFECYCLE_WORKFLOW, lifecycleWorkflowId } from './names';
import { SEARCH_ATTRIBUTES } from './search-attribute-keys';

/** For a worker to take it, and to be replaced should it die. */
const MARGIN_MS = 60_000;

/** Starts the workflow that calls an instance's lifecycle functions, and waits for what becomes of it. */
export async function runLifecycle(
  client: Client,
  taskQueue: string,
  { input, customerId, summary }: LifecycleStart,
): Promise<LifecycleResult> {
  const limitMs = input.limitMs + MARGIN_MS;
  try {
    const handle = await client.workflow.start(LIFECYCLE_WORKFLOW, {
      taskQueue,
      workflowId: lifecycleWorkflowId(input.instanceId),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowExecutionTimeout: limitMs,
      args: [input],
      staticSummary: fitSummary(summary),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.instanceIds, value: [input.instanceId] },
        ...(customerId ? [{ key: SEARCH_ATTRIBUTES.customerIds, value: [customerId] }] : []),
      ]),
      ...(customerId && { priority: { fairnessKey: customerId } }),
    });
    const giveUp = new AbortController();
    const result = handle.result() as Promise<LifecycleResult>;
    const isLate = sleep(limitMs + 5000, undefined, { ref: false, signal: giveUp.signal }).then(() => {
      throw notDone();
    });
    return await Promise.race([result, isLate]).finally(() => giveUp.abort());
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new AppError('conflict', 'The instance is being deployed or removed already; repeat it later.');
    if (error instanceof WorkflowFailedError) throw notDone(error);
    throw error;
  }
}

const notDone = (cause?: unknown): AppError =>
  new AppError(
    'dependency_unavailable',
    'No worker has called the functions of the triggers in time; check that a worker runs, and repeat it.',
    { cause, retryAfterSeconds: 30 },
  );
