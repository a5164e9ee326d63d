import {
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BatchActivities, BatchInput, BatchResult } from '../temporal/contract';
import { failed } from './failed';
import { memberTable } from './member-table';
import { LOCAL_SEGMENT, SEGMENT_OPTIONS } from './segment-options';

const { runBatch } = proxyLocalActivities<BatchActivities>(LOCAL_SEGMENT);
const { splitBatch } = proxyActivities<BatchActivities>(SEGMENT_OPTIONS);

/**
 * Several executions that share one workflow and one segment, and those that go along with them. Each has its own record, journal and end; what
 * is not finished when the segment is over has gone on in a driver of its own. A failed execution fails the
 * batch, so that it is found by its status.
 */
export async function flowBatch(input: BatchInput): Promise<void> {
  const { members, searchAttributes } = await orSplit(input);
  if (searchAttributes) upsertSearchAttributes(searchAttributes);
  setCurrentDetails(memberTable(members));
  const failures = members.filter(({ state }) => state === 'failed');
  if (failures.length === 0) return;
  throw failed(`${failures.length} of ${members.length} executions failed.`, 'executions_failed');
}

async function orSplit(input: BatchInput): Promise<BatchResult> {
  try {
    return await runBatch(input);
  } catch {
    // Also when the batch was cancelled: one asks an execution to stop by its own record.
    return CancellationScope.nonCancellable(() => splitBatch(input));
  }
}
