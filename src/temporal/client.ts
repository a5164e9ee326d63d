import {
  Client,
  Connection,
  isGrpcServiceError,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Env } from '../config/env';
import { AppError } from '../errors';
import type { DriverInput } from './contract';
import type { DriverStart, TemporalGateway } from './gateway';
import { DRIVER_WORKFLOW, fitSummary, SEARCH_ATTRIBUTES, scheduleId } from './names';
import { putSchedule } from './schedules';
import { ensureSearchAttributes } from './search-attributes';

/** How long a start or a look may take before Temporal counts as away. */
const DEADLINE_MS = 3000;

/** Connects lazily: Tenon starts while Temporal is away, and finds it when it comes. */
export function createTemporalGateway(env: Env): TemporalGateway {
  const connection = Connection.lazy({ address: env.TENON_TEMPORAL_ADDRESS });
  const client = new Client({ connection, namespace: env.TENON_TEMPORAL_NAMESPACE });
  const taskQueue = env.TENON_TASK_QUEUE;
  const handle = (flowConfigId: string) => client.schedule.getHandle(scheduleId(flowConfigId));
  return {
    prepare: () => reaching(() => ensureSearchAttributes(connection, env.TENON_TEMPORAL_NAMESPACE)),
    startDriver: (start) => startDriver(client, taskQueue, start),
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

async function startDriver(client: Client, taskQueue: string, start: DriverStart): Promise<boolean> {
  const input: DriverInput = { executionId: start.executionId, stepsPerActivity: start.stepsPerActivity };
  const begin = () =>
    client.workflow.start(DRIVER_WORKFLOW, {
      taskQueue,
      workflowId: start.workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      args: [input],
      staticSummary: fitSummary(start.summary),
      typedSearchAttributes: searchAttributesOf(start),
      ...(start.customerId && { priority: { fairnessKey: start.customerId } }),
    });
  try {
    await reaching(() => client.connection.withDeadline(Date.now() + DEADLINE_MS, begin));
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { closeTime } = await client.connection.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    // Not by the status RUNNING: a paused workflow is open too.
    return closeTime === undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function searchAttributesOf(start: DriverStart): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.executionIds, value: [start.executionId] },
    { key: SEARCH_ATTRIBUTES.instanceIds, value: [start.instanceId] },
    ...(start.customerId ? [{ key: SEARCH_ATTRIBUTES.customerIds, value: [start.customerId] }] : []),
    { key: SEARCH_ATTRIBUTES.integrationId, value: start.integrationId },
    { key: SEARCH_ATTRIBUTES.flowId, value: start.flowId },
    { key: SEARCH_ATTRIBUTES.trigger, value: start.invokeType },
    ...(start.versionId ? [{ key: SEARCH_ATTRIBUTES.version, value: start.versionId }] : []),
  ]);
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
