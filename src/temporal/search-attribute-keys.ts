import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const keywordList = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD_LIST);
const text = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.TEXT);

/**
 * What a workflow can be found by; plain text at the server. Ids in these are bare UUIDs. A workflow may stand for
 * several executions, so most hold lists. SQLite allows three keyword lists a namespace, so the other lists are
 * text: ids with blanks between them, found by word. Workflows import this file: nothing of Node may be in it.
 */
export const SEARCH_ATTRIBUTES = {
  customerIds: keywordList('TenonCustomerIds'),
  instanceIds: keywordList('TenonInstanceIds'),
  executionIds: keywordList('TenonExecutionIds'),
  integrationIds: text('TenonIntegrationIds'),
  flowIds: text('TenonFlowIds'),
  versionIds: text('TenonVersionIds'),
  trigger: keyword('TenonTrigger'),
  status: keyword('TenonStatus'),
} as const;

/** What an open driver is about; a driver that never waited has none of them. */
export type DriverStatus = 'RUNNING' | 'WAITING' | 'HELD';
