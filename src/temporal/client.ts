import {
  Client,
  isGrpcServiceError,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Env } from '../config/env';
import { AppError } from '../errors';
import { createDataConverter } from './codec/data-converter';
import { openConnection } from './connection';
import { type BatchInput, type DriverInput, LOOK_SIGNAL, QUEUE_SIGNAL, type QueueInput } from './contract';
import type { BatchStart, DriverStart, QueueWake, TemporalGateway } from './gateway';
import {
  BATCH_WORKFLOW,
  DRIVER_WORKFLOW,
  fitSummary,
  QUEUE_WORKFLOW,
  queueWorkflowId,
  scheduleId,
} from './names';

import { runDataSourceCall } from './run-data-source-call';
import { runLifecycle } from './run-lifecycle';
import { putSchedule } from './schedules';
import { SEARCH_ATTRIBUTES } from './search-attribute-keys';
import { ensureSearchAttributes } from './search-attributes';
import { searchAttributesOf } from './search-attributes-of';

const START_OPTIONS = {
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  workflowIdConflictPolicy: 'FAIL',
} as const;

/** Connects lazily: Tenon starts while Temporal is away, and finds it when it comes. */
export function createTemporalGateway(env: Env): TemporalGateway {
  const connection = openConnection(env.TENON_TEMPORAL_ADDRESS, env.TENON_TEMPORAL_NAMESPACE);
  const client = new Client({
    connection,
    namespace: env.TENON_TEMPORAL_NAMESPACE,
    dataConverter: createDataConverter(env),
  });
  const taskQueue = env.TENON_TASK_QUEUE;
  const handle = (flowConfigId: string) => client.schedule.getHandle(scheduleId(flowConfigId));
  return {
    prepare: () => reaching(() => ensureSearchAttributes(connection, env.TENON_TEMPORAL_NAMESPACE)),
    startDriver: (start) => startDriver(client, taskQueue, start),
    startBatch: (start) => startBatch(client, taskQueue, start),
    wakeDriver: (workflowId) =>
      reaching(() => ignoringMissing(client.workflow.getHandle(workflowId).signal(LOOK_SIGNAL))),
    wakeQueue: (queue) => reaching(() => wakeQueue(client, taskQueue, queue)),
    runLifecycle: (start) => reaching(() => runLifecycle(client, taskQueue, start)),
    runDataSourceCall: (start) => reaching(() => runDataSourceCall(client, taskQueue, start)),
    putSchedule: (schedule) => reaching(() => putSchedule(client, taskQueue, schedule)),
    pauseSchedule: (flowConfigId, isPaused) =>
      reaching(() =>
        ignoringMissing(isPaused ? handle(flowConfigId).pause() : handle(flowConfigId).unpause()),
      ),
    deleteSchedule: (flowConfigId) => reaching(() => ignoringMissing(handle(flowConfigId).delete())),
    terminate: (workflowId, reason) =>
      reaching(() => ignoringMissing(client.workflow.getHandle(workflowId).terminate(reason))),
    isOpen: (workflowId) => reaching(() => isOpen(client, workflowId)),
    async ping(timeoutMs) {
      try {
        await connection.withDeadline(Date.now() + timeoutMs, () =>
          connection.workflowService.getSystemInfo({}),
        );
        return true;
      } catch {
        return false;
      }
    },
    close: () => connection.close(),
  };
}

function startDriver(client: Client, taskQueue: string, start: DriverStart): Promise<boolean> {
  const input: DriverInput = { executionId: start.executionId, stepsPerActivity: start.stepsPerActivity };
  return startOnce(client, DRIVER_WORKFLOW, {
    ...START_OPTIONS,
    taskQueue,
    workflowId: start.workflowId,
    args: [input],
    staticSummary: fitSummary(start.summary),
    typedSearchAttributes: searchAttributesOf([start]),
    ...(start.startDelayMs && { startDelay: start.startDelayMs }),
    ...(start.customerId && { priority: { fairnessKey: start.customerId } }),
  });
}

function startBatch(client: Client, taskQueue: string, start: BatchStart): Promise<boolean> {
  const input: BatchInput = { executionIds: start.members.map(({ executionId }) => executionId) };
  return startOnce(client, BATCH_WORKFLOW, {
    ...START_OPTIONS,
    taskQueue,
    workflowId: start.workflowId,
    args: [input],
    staticSummary: fitSummary(start.summary),
    typedSearchAttributes: searchAttributesOf(start.members),
  });
}

/** Many may say so at once; a closed one begins again under the same id. */
async function wakeQueue(client: Client, taskQueue: string, queue: QueueWake): Promise<void> {
  const input: QueueInput = { key: queue.key };
  await client.workflow.signalWithStart(QUEUE_WORKFLOW, {
    taskQueue,
    workflowId: queueWorkflowId(queue.key),
    args: [input],
    signal: QUEUE_SIGNAL,
    staticSummary: fitSummary(queue.summary),
    typedSearchAttributes: new TypedSearchAttributes([
      { key: SEARCH_ATTRIBUTES.instanceIds, value: [queue.instanceId] },
      ...(queue.customerId ? [{ key: SEARCH_ATTRIBUTES.customerIds, value: [queue.customerId] }] : []),
    ]),
    ...(queue.customerId && { priority: { fairnessKey: queue.customerId } }),
  });
}

/** False when a workflow with that id was started before. */
async function startOnce(client: Client, type: string, options: WorkflowStartOptions): Promise<boolean> {
  try {
    await reaching(() => client.workflow.start(type, options));
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { closeTime } = await client.workflow.getHandle(workflowId).describe();
    // Not by the status RUNNING: a paused workflow is open too.
    return closeTime === undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Runs a call and turns "Temporal cannot be reached" into its row of the error registry. */
async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new AppError('dependency_unavailable', 'The workflow engine cannot be reached at the moment.', {
      cause: error,
      retryAfterSeconds: 2,
    });
  }
}

const UNAVAILABLE = new Set([4, 8, 14]); // DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE

function isUnreachable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at) && UNAVAILABLE.has(at.code)) return true;
  }
  return false;
}

async function ignoringMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError) && !(error instanceof WorkflowNotFoundError)) throw error;
  }
}
