import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type {
  BatchResult,
  DriverActivities,
  DriverInput,
  NextMove,
  SegmentInput,
  SegmentResult,
} from '../../src/temporal/contract';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { silentRuntime } from '../support/temporal-runtime';
import { type ScriptedRun, scriptedActivities } from './scripted-activities';

/** What a segment of a test answers: a move, or a whole result. It may throw as a real segment would. */
export type Script = (segment: SegmentCall) => NextMove | SegmentResult | Promise<NextMove | SegmentResult>;

export interface SegmentCall {
  activityType: string;
  input: SegmentInput;
  /** Of Temporal, from 1. */
  attempt: number;
}

/** What the segment of a batch answers; `type` tells whether it runs the batch or splits it up. */
export type BatchScript = (call: BatchCall) => BatchResult | Promise<BatchResult>;

export interface BatchCall {
  type: 'runBatch' | 'splitBatch';
  executionIds: string[];
}

/** What the activities of a queue answer: how many may be admitted, or how many were. */
export type QueueScript = (call: QueueCall) => number | Promise<number>;

export interface QueueCall {
  type: 'lookAtQueue' | 'runQueueLane';
  /** Calls of that type so far, from 0. */
  index: number;
}

/** What the one activity of a workflow that makes a single call answers; `attempt` counts from 1. */
export type CallScript = (attempt: number) => unknown;

type Failure = Parameters<DriverActivities['recordFailure']>[0];

/** One driver workflow under its script, and what it asked for. */
export interface Run {
  handle: WorkflowHandleWithFirstExecutionRunId;
  segments: SegmentCall[];
  failures: Failure[];
  /** Resolves when the workflow has ended well; rejects with its failure. */
  result(): Promise<void>;
  events(): Promise<HistoryEvent[]>;
}

export interface HistoryEvent {
  eventType: string;
  [attributes: string]: unknown;
}

/** A worker for real driver workflows whose activities follow scripts, one for each workflow id. */
export interface DriverWorker {
  start(
    input: Omit<DriverInput, 'stepsPerActivity'> & { stepsPerActivity?: number | null },
    script: Script,
    options?: { startDelay?: Duration },
  ): Promise<Run>;
  startBatch(executionIds: string[], script: BatchScript): Promise<Run & { batches: BatchCall[] }>;
  startQueue(script: QueueScript): Promise<Run & { queueCalls: QueueCall[] }>;
  /** Starts a workflow that makes a single call. */
  startCall(type: 'dataSourceCall' | 'instanceLifecycle', input: object, script: CallScript): Promise<Run>;
  /** The history of one run; of the last one without `runId`. */
  eventsOf(workflowId: string, runId?: string): Promise<HistoryEvent[]>;
  stop(): Promise<void>;
}

export async function startDriverWorker(): Promise<DriverWorker> {
  const address = process.env['TENON_TEST_TEMPORAL_ADDRESS'];
  if (!address) throw new Error('TENON_TEST_TEMPORAL_ADDRESS names no Temporal server.');
  silentRuntime(Runtime);
  const taskQueue = `driver-${randomUUID()}`;
  const runs = new Map<string, ScriptedRun>();
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('../../src/workflows'),
      logger: new DefaultLogger('ERROR'),
    }),
    activities: scriptedActivities((workflowId) => runs.get(workflowId)),
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownForceTime: '5 seconds',
  });
  const running = worker.run();
  const connection = await Connection.connect({ address });
  await ensureSearchAttributes(connection, 'default');
  const client = new Client({ connection });
  const eventsOf = async (workflowId: string, runId?: string) => {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return (JSON.parse(historyToJSON(history)) as { events: HistoryEvent[] }).events;
  };
  const begin = async (
    type: string,
    input: object,
    scripts: Pick<ScriptedRun, 'script' | 'batchScript' | 'queueScript' | 'callScript'>,
    options: { startDelay?: Duration } = {},
  ) => {
    const run: ScriptedRun = { ...scripts, segments: [], failures: [], batches: [], queueCalls: [] };
    const workflowId = `execution/${randomUUID()}`;
    runs.set(workflowId, run);
    const handle = await client.workflow.start(type, {
      taskQueue,
      workflowId,
      args: [input],
      workflowExecutionTimeout: '5 minutes',
      ...options,
    });
    return {
      ...run,
      handle: handle as Run['handle'],
      result: () => handle.result() as Promise<void>,
      events: () => eventsOf(workflowId),
    };
  };
  return {
    eventsOf,
    start: (input, script, options) =>
      begin('flowExecution', { stepsPerActivity: null, ...input }, { script }, options),
    startCall: (type, input, callScript) => begin(type, input, { callScript }),
    startBatch: (executionIds, batchScript) => begin('flowBatch', { executionIds }, { batchScript }),
    startQueue: (queueScript) => begin('flowQueue', { key: 'a-queue' }, { queueScript }),
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
      await native.close();
    },
  };
}
