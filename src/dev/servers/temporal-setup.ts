import { Connection } from '@temporalio/client';
import { ensureSearchAttributes } from '../../temporal/search-attributes';
import { NAMESPACE, RETENTION } from './temporal-settings';

/** Whether the frontend serves the namespace. */
export async function servesNamespace(address: string): Promise<boolean> {
  return await withConnection(address, async ({ workflowService }) => {
    await workflowService.describeNamespace({ namespace: NAMESPACE });
    return true;
  });
}

/** Sets the retention of the namespace and makes the search attributes. */
export async function setUpTemporal(address: string): Promise<void> {
  await withConnection(address, async (connection) => {
    await connection.workflowService.updateNamespace({
      namespace: NAMESPACE,
      config: { workflowExecutionRetentionTtl: RETENTION },
    });
    await ensureSearchAttributes(connection, NAMESPACE);
  });
}

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: '3s' });
  try {
    return await connection.withDeadline(Date.now() + 10_000, () => use(connection));
  } finally {
    await connection.close();
  }
}
