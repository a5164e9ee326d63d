import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { AppError } from '../errors';
import type { DataSourceCallStart } from './gateway';
import { DATA_SOURCE_WORKFLOW, dataSourceWorkflowId, fitSummary } from './names';
import { SEARCH_ATTRIBUTES } from './search-attribute-keys';

/** Twice the time of a call, and some for a worker to take it. */
const LIMIT_MS = 100_000;

/** Starts the workflow that calls a data source, and waits until it has. */
export async function runDataSourceCall(
  client: Client,
  taskQueue: string,
  { input, instanceId, customerId, summary }: DataSourceCallStart,
): Promise<void> {
  const giveUp = new AbortController();
  try {
    const handle = await client.workflow.start(DATA_SOURCE_WORKFLOW, {
      taskQueue,
      workflowId: dataSourceWorkflowId(input.callId),
      workflowExecutionTimeout: LIMIT_MS,
      args: [input],
      staticSummary: fitSummary(summary),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.instanceIds, value: [instanceId] },
        ...(customerId ? [{ key: SEARCH_ATTRIBUTES.customerIds, value: [customerId] }] : []),
      ]),
      ...(customerId && { priority: { fairnessKey: customerId } }),
    });
    const isLate = sleep(LIMIT_MS + 5000, undefined, { ref: false, signal: giveUp.signal }).then(() => {
      throw notDone();
    });
    await Promise.race([handle.result(), isLate]);
  } catch (error) {
    if (error instanceof WorkflowFailedError) throw notDone(error);
    throw error;
  } finally {
    giveUp.abort();
  }
}

const notDone = (cause?: unknown): AppError =>
  new AppError(
    'dependency_unavailable',
    'No worker has called the data source in time; check that a worker runs, and repeat it.',
    { cause, retryAfterSeconds: 30 },
  );
