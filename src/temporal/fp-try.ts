import { randomUUID } from 'node:crypto';
import { Connection, type ConnectionLike } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Env } from '../config/env';

/** Whether the Temporal server shares a task queue between fairness keys; unknown when it could not be tried. */
export type Fairness = 'honoured' | 'ignored' | 'unknown';

/** Name of the workflows that the probe starts; they are deleted at its end. */
const PROBE = 'tenon-fairness-probe';
/** Workflows of the key that comes first; enough that chance does not put the others before half of them. */
const CROWD = 48;
/** Keys that come after the crowd, with one workflow each. */
const LATECOMERS = 5;
/** Time for the whole probe. */
const LIMIT_MS = 15_000;
/** The server ends by itself what a killed worker left of the probe. */
const EXECUTION_LIMIT_S = 60;

type Service = ConnectionLike['workflowService'];
interface Probe {
  service: Service;
  namespace: string;
  taskQueue: temporal.api.taskqueue.v1.ITaskQueue;
}

/**
 * Tries whether the server honours fairness keys: on a task queue that nobody polls, workflows of one key are
 * started and then one each of some others. A server that is fair hands those out among the first; one that
 * ignores the keys takes them as they came. Rejects while Temporal is away.
 */
export async function probeFairness(env: Env): Promise<Fairness> {
  const connection = Connection.lazy({ address: env.TENON_TEMPORAL_ADDRESS });
  try {
    const probe: Probe = {
      service: connection.workflowService,
      namespace: env.TENON_TEMPORAL_NAMESPACE,
      taskQueue: { name: `${PROBE}:${randomUUID()}` },
    };
    return await connection.withDeadline(Date.now() + LIMIT_MS, () => run(probe));
  } finally {
    await connection.close();
  }
}

async function run(probe: Probe): Promise<Fairness> {
  const ids: string[] = [];
  const start = (fairnessKey: string) => {
    const workflowId = `${PROBE}:${randomUUID()}`;
    ids.push(workflowId);
    return startOne(probe, workflowId, fairnessKey);
  };
  try {
    await Promise.all(Array.from({ length: CROWD }, () => start('crowd')));
    const late = await Promise.all(Array.from({ length: LATECOMERS }, (_, at) => start(`late-${at}`)));
    return await judge(probe, new Set(late));
  } finally {
    await Promise.allSettled(ids.map((workflowId) => remove(probe, workflowId)));
  }
}

/** Answers the run's id. */
async function startOne(probe: Probe, workflowId: string, fairnessKey: string): Promise<string> {
  const { runId } = await probe.service.startWorkflowExecution({
    namespace: probe.namespace,
    workflowId,
    requestId: workflowId,
    workflowType: { name: PROBE },
    taskQueue: probe.taskQueue,
    workflowExecutionTimeout: { seconds: EXECUTION_LIMIT_S as never },
    priority: { fairnessKey },
  });
  return runId;
}

/** Takes tasks until most latecomers were handed out, or half of all tasks without that. */
async function judge({ service, namespace, taskQueue }: Probe, late: Set<string>): Promise<Fairness> {
  const half = (CROWD + LATECOMERS) / 2;
  let lateCount = 0;
  for (let taken = 1; taken <= half; taken += 1) {
    const task = await service.pollWorkflowTaskQueue({ namespace, taskQueue, identity: PROBE });
    if (task.taskToken.length === 0) return 'unknown';
    if (late.has(task.workflowExecution?.runId ?? '')) lateCount += 1;
    if (lateCount > LATECOMERS / 2) return 'honoured';
  }
  return 'ignored';
}

/** Deleting a workflow that runs ends it first; nothing is left for people to wonder about. */
async function remove({ service, namespace }: Probe, workflowId: string): Promise<void> {
  await service.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
}
