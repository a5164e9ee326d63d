import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Ids, names and types of everything that Temporal stores for us. Plain text there: no personal data. */
export const DRIVER_WORKFLOW = 'flowExecution';

export const scheduleId = (flowConfigId: string): string => `flow-schedule:${flowConfigId}`;

/** The workflow id of an execution that a delivery started. */
export const executionWorkflowId = (executionId: string): string => `execution:${executionId}`;

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const keywordList = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD_LIST);

/** Ids in these are bare UUIDs. The lists let a workflow stand for several executions. */
export const SEARCH_ATTRIBUTES = {
  customerIds: keywordList('TenonCustomerIds'),
  instanceIds: keywordList('TenonInstanceIds'),
  executionIds: keywordList('TenonExecutionIds'),
  integrationId: keyword('TenonIntegrationId'),
  version: keyword('TenonVersion'),
  flowId: keyword('TenonFlowId'),
  trigger: keyword('TenonTrigger'),
} as const;

/** Temporal's limit of a summary. */
const SUMMARY_BYTES = 400;

/** Cuts a summary at whole characters to what Temporal takes. */
export function fitSummary(text: string): string {
  let fitting = text;
  while (Buffer.byteLength(fitting) > SUMMARY_BYTES) fitting = fitting.slice(0, -1);
  return fitting;
}
