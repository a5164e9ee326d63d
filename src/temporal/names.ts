/** Ids and names of everything that Temporal stores for us. Plain text there: no personal data. */
export const DRIVER_WORKFLOW = 'flowExecution';
export const BATCH_WORKFLOW = 'flowBatch';
export const QUEUE_WORKFLOW = 'flowQueue';

export const LIFECYCLE_WORKFLOW = 'instanceLifecycle';

/** The workflow id under which an instance is set up or torn down: one at a time. */
export const lifecycleWorkflowId = (instanceId: string): string => `instance-lifecycle:${instanceId}`;

export const DATA_SOURCE_WORKFLOW = 'dataSourceCall';

/** The workflow id of a stored call of a data source. */
export const dataSourceWorkflowId = (callId: string): string => `data-source-call:${callId}`;

export const scheduleId = (flowConfigId: string): string => `flow-schedule:${flowConfigId}`;

/** The workflow id of an execution that a delivery started. */
export const executionWorkflowId = (executionId: string): string => `execution:${executionId}`;

/** The workflow id of a run's driver behind its queue: the one before it was closed when the run began to wait. */
export const admittedWorkflowId = (executionId: string): string => `execution:${executionId}:admitted`;

/** The workflow id of what admits the runs of a queue. */
export const queueWorkflowId = (queueKey: string): string => `queue:${queueKey}`;
export const isQueueId = (workflowId: string): boolean => workflowId.startsWith('queue:');

/** The workflow id of a batch; `id` is new each time. */
export const batchWorkflowId = (id: string): string => `batch:${id}`;
export const isBatchId = (workflowId: string): boolean => workflowId.startsWith('batch:');

/** Temporal takes summaries of 400 bytes, as they are stored: encryption adds some 140. */
const SUMMARY_BYTES = 250;

/** Cuts a summary at a whole character to what Temporal takes. */
export function fitSummary(text: string): string {
  // No character takes less than a byte.
  const bytes = Buffer.from(text.slice(0, SUMMARY_BYTES + 1));
  if (bytes.length <= SUMMARY_BYTES) return text;
  const cut = bytes.toString('utf8', 0, SUMMARY_BYTES - Buffer.byteLength('…')).replace(/\uFFFD+$/, '');
  return `${cut}…`;
}
