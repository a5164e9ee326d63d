import { randomUUID } from 'node:crypto';
import { Connection, type ConnectionLike } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Env } from '../config/env';

/** Whether the Temporal server shares a task queue between fairness keys. */
export type Fairness = 'honoured' | 'ignored';

/** Name of the workflows that the probe starts; they are deleted at its end. */
const PROBE = 'tenon-fairness-probe';
/** Workflows of the key that comes first. */
const CROWD = 30;
/** Keys that come after the crowd, with one workflow each. */
const LATECOMERS = 10;
/**
 * What counts is the part of all pairs of a latecomer and one of the crowd in which the latecomer is handed
 * out first. Measured on server 1.29.1: 0.95 where the keys are honoured and 0 where they are not, if the
 * queue has one partition. With the server's default of four, each of which has an order of its own, about 0.64
 * and 0.14, spread by 0.1: then the mean of a few rounds decides.
 */
const CLEAR = { honoured: 0.9, ignored: 0.02 };
const HONOURED_FROM = 0.38;
const MAX_ROUNDS = 3;
/** Time for the whole probe; usually it takes less than one second. */
const LIMIT_MS = 20_000;
/** The server ends by itself what a killed worker left of the probe. */
const EXECUTION_LIMIT_S = 60;

type Service = ConnectionLike['workflowService'];
interface Probe {
  service: Service;
  namespace: string;
}
interface Round extends Probe {
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
    };
    return await connection.withDeadline(Date.now() + LIMIT_MS, () => decide(probe));
  } finally {
    await connection.close();
  }
}

async function decide(probe: Probe): Promise<Fairness> {
  let sum = 0;
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds += 1) {
    const part = await overtakingPart({ ...probe, taskQueue: { name: `${PROBE}:${randomUUID()}` } });
    sum += part;
    if (part >= CLEAR.honoured) return 'honoured';
    if (part <= CLEAR.ignored) return 'ignored';
  }
  return sum / MAX_ROUNDS >= HONOURED_FROM ? 'honoured' : 'ignored';
}

/** Plays one round on a queue of its own. */
async function overtakingPart(round: Round): Promise<number> {
  const ids: string[] = [];
  const start = (fairnessKey: string) => {
    const workflowId = `${PROBE}:${randomUUID()}`;
    ids.push(workflowId);
    return startOne(round, workflowId, fairnessKey);
  };
  try {
    await allOf(Array.from({ length: CROWD }, () => start('crowd')));
    const late = await allOf(Array.from({ length: LATECOMERS }, (_, at) => start(`late-${at}`)));
    return await handOut(round, new Set(late));
  } finally {
    await Promise.allSettled(ids.map((workflowId) => remove(round, workflowId)));
  }
}

/**
 * As `Promise.all`, but rejects only after all have ended: the client tries calls again by timers, which must not
 * find the connection closed.
 */
async function allOf<T>(calls: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** Answers the run's id. */
async function startOne(
  { service, namespace, taskQueue }: Round,
  workflowId: string,
  fairnessKey: string,
): Promise<string> {
  const { runId } = await service.startWorkflowExecution({
    namespace,
    workflowId,
    requestId: workflowId,
    workflowType: { name: PROBE },
    taskQueue,
    workflowExecutionTimeout: { seconds: EXECUTION_LIMIT_S as never },
    priority: { fairnessKey },
  });
  return runId;
}

/** Takes all tasks and looks at their order. */
async function handOut({ service, namespace, taskQueue }: Round, late: Set<string>): Promise<number> {
  let lateSoFar = 0;
  let overtakings = 0;
  for (let taken = 0; taken < CROWD + LATECOMERS; taken += 1) {
    const task = await service.pollWorkflowTaskQueue({ namespace, taskQueue, identity: PROBE });
    if (task.taskToken.length === 0) throw new Error(`Only ${taken} tasks were handed out.`);
    if (late.has(task.workflowExecution?.runId ?? '')) lateSoFar += 1;
    else overtakings += lateSoFar;
  }
  return overtakings / (CROWD * LATECOMERS);
}

/** Deleting a workflow that runs ends it first; nothing is left for people to wonder about. */
async function remove({ service, namespace }: Probe, workflowId: string): Promise<void> {
  await service.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
}
