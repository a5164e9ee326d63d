import { setTimeout as sleep } from 'node:timers/promises';
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

const CLOSE_LIMIT_MS = 30_000;
const POLL_MS = 200;

/** Asks Temporal for each of them, once the driver is closed: the execution's record ends a moment before. */
export async function driverHistory({ servers }: Stack, executionId: string): Promise<DriverHistory> {
  const connection = await Connection.connect({ address: servers.temporalAddress });
  try {
    const client = new Client({ connection });
    const deadline = Date.now() + CLOSE_LIMIT_MS;
    for (;;) {
      const runs = await runsOf(client, executionWorkflowId(executionId));
      const isClosed = runs.length > 0 && runs.every(({ isRunning }) => !isRunning);
      if (isClosed || Date.now() > deadline) return figuresOf(runs);
      await sleep(POLL_MS);
    }
  } finally {
    await connection.close();
  }
}

interface DriverRun {
  isRunning: boolean;
  events: number;
  bytes: number;
}

async function runsOf({ workflow }: Client, workflowId: string): Promise<DriverRun[]> {
  const runs: DriverRun[] = [];
  for await (const { runId } of workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const described = await workflow.getHandle(workflowId, runId).describe();
    const { historyLength: events, historySize: bytes = 0, status } = described;
    runs.push({ isRunning: status.name === 'RUNNING', events, bytes });
  }
  return runs;
}

function figuresOf(runs: DriverRun[]): DriverHistory {
  const total = (name: 'events' | 'bytes') => runs.reduce((sum, run) => sum + run[name], 0);
  const most = (name: 'events' | 'bytes') => runs.reduce((max, run) => Math.max(max, run[name]), 0);
  return {
    runs: runs.length,
    events: total('events'),
    bytes: total('bytes'),
    mostEventsOfARun: most('events'),
    mostBytesOfARun: most('bytes'),
  };
}
