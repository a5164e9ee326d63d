import { Client, Connection } from '@temporalio/client';
import { executionWorkflowId } from '../../../src/temporal/names';
import type { Stack } from '../stack/stack';

/** Histories of an execution's driver, one for each time that it was continued as new. */
interface DriverHistory {
  runs: number;
  events: number;
  bytes: number;
  mostEventsOfARun: number;
  mostBytesOfARun: number;
}

/** Asks Temporal for each of them. */
export async function driverHistory({ servers }: Stack, executionId: string): Promise<DriverHistory> {
  const connection = await Connection.connect({ address: servers.temporalAddress });
  const found: { events: number; bytes: number }[] = [];
  try {
    const { workflow } = new Client({ connection });
    const workflowId = executionWorkflowId(executionId);
    for await (const { runId } of workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      const described = await workflow.getHandle(workflowId, runId).describe();
      found.push({ events: described.historyLength, bytes: described.historySize ?? 0 });
    }
  } finally {
    await connection.close();
  }
  const total = (name: 'events' | 'bytes') => found.reduce((sum, run) => sum + run[name], 0);
  const most = (name: 'events' | 'bytes') => found.reduce((max, run) => Math.max(max, run[name]), 0);
  return {
    runs: found.length,
    events: total('events'),
    bytes: total('bytes'),
    mostEventsOfARun: most('events'),
    mostBytesOfARun: most('bytes'),
  };
}
