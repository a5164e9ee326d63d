/** Ids and names of everything that Temporal stores for us. Plain text there: no personal data. */
export const DRIVER_WORKFLOW = 'flowExecution';
export const BATCH_WORKFLOW = 'flowBatch';

export const scheduleId = (flowConfigId: string): string => `flow-schedule:${flowConfigId}`;

/** The workflow id of an execution that a delivery started. */
export const executionWorkflowId = (executionId: string): string => `execution:${executionId}`;

/** The workflow id of a batch; `id` is new each time. */
export const batchWorkflowId = (id: string): string => `batch:${id}`;
export const isBatchId = (workflowId: string): boolean => workflowId.startsWith('batch:');

/** Temporal's limit of a summary. */
const SUMMARY_BYTES = 400;

/** Cuts a summary at whole characters to what Temporal takes. */
export function fitSummary(text: string): string {
  let fitting = text;
  while (Buffer.byteLength(fitting) > SUMMARY_BYTES) fitting = fitting.slice(0, -1);
  return fitting;
}
