import { proxyActivities } from '@temporalio/workflow';
import type { DataSourceActivities, DataSourceCallInput } from '../temporal/contract';

/** Calls a data source for somebody who waits; its answer is in the store. */
export async function dataSourceCall(input: DataSourceCallInput): Promise<void> {
  const { callDataSource } = proxyActivities<DataSourceActivities>({
    startToCloseTimeout: '45 seconds',
    heartbeatTimeout: '12 seconds',
    // Data sources only read: one whose worker died may be called again.
    retry: { initialInterval: '1 second', maximumAttempts: 2 },
  });
  await callDataSource(input);
}
