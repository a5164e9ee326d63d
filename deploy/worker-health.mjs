// Health check of the worker's container: Temporal has seen this machine poll the task queue within two minutes.
import { createRequire } from 'node:module';
import { hostname } from 'node:os';

const require = createRequire(import.meta.url);
const { Connection } = require('@temporalio/client');

const RECENT_MS = 120_000;

const address = process.env.TENON_TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
const namespace = process.env.TENON_TEMPORAL_NAMESPACE ?? 'default';
const queue = process.env.TENON_TASK_QUEUE ?? 'tenon';

try {
  const connection = await Connection.connect({ address, connectTimeout: '5s' });
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: 1, // workflow tasks
  });
  await connection.close();
  const isPolling = (pollers ?? []).some(({ identity, lastAccessTime }) => {
    const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return identity.endsWith(`@${hostname()}`) && Date.now() - seenMs < RECENT_MS;
  });
  if (!isPolling) throw new Error(`No poller of ${hostname()} on the task queue ${queue}.`);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
