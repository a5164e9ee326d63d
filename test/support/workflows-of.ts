import { Client, Connection } from '@temporalio/client';
import type { System } from './system';
import { until } from './until';

/** The ids of the workflows by which Temporal finds an execution, those in that status only, as soon as there are some. */
export async function workflowsOf(
  { env }: Pick<System, 'env'>,
  executionId: string,
  status?: 'Failed' | 'Completed',
): Promise<string[]> {
  const connection = await Connection.connect({ address: env.TENON_TEMPORAL_ADDRESS });
  try {
    const { workflow } = new Client({ connection, namespace: env.TENON_TEMPORAL_NAMESPACE });
    const inStatus = status ? ` AND ExecutionStatus = '${status}'` : '';
    const query = `TenonExecutionIds = '${executionId}'${inStatus}`;
    return await until('a workflow of the execution', async () => {
      const found: string[] = [];
      for await (const { workflowId } of workflow.list({ query })) found.push(workflowId);
      return found.length > 0 ? found : undefined;
    });
  } finally {
    await connection.close();
  }
}
