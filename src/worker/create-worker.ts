import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../activities';
import type { RunDeps } from '../activities/run-deps';
import { createDataConverter } from '../temporal/codec/data-converter';
import { avoidAsyncHooks } from './avoid-async-hooks';
import { BUNDLE_PATH } from './workflow-source';
import { keepThreadsQuiet } from './workflow-threads';

/** Workflows kept in memory between their tasks. */
const CACHED_WORKFLOWS = 1000;
/** First segments for each slot: most of them wait for slow calls. */
const LOCAL_SLOTS_TIMES = 10;
/** A workflow whose worker died is offered to the others after this long. */
const STICKY_TIMEOUT = '2 seconds';
/** Below the time between two heartbeats, so that each one is sent when it is due. */
const HEARTBEAT_THROTTLE = '2 seconds';

/** After the time for stopping, segments that gave their step up report so. */
export const HAND_OVER_MS = 2000;

/** A Temporal worker for drivers and segments, connected but not running. Sources that were not built name a bundle. */
export async function createWorker(
  deps: RunDeps,
  bundlePath = BUNDLE_PATH,
): Promise<{ worker: Worker; connection: NativeConnection }> {
  const { env } = deps;
  const connection = await NativeConnection.connect({ address: env.TENON_TEMPORAL_ADDRESS });
  avoidAsyncHooks(connection);
  keepThreadsQuiet();
  const worker = await Worker.create({
    connection,
    namespace: env.TENON_TEMPORAL_NAMESPACE,
    taskQueue: env.TENON_TASK_QUEUE,
    activities: createActivities(deps),
    dataConverter: createDataConverter(env),
    workflowBundle: { codePath: bundlePath },
    maxConcurrentActivityTaskExecutions: env.TENON_WORKER_SLOTS,
    // A first segment runs within its workflow's task, so each such task may take a while.
    maxConcurrentLocalActivityExecutions: LOCAL_SLOTS_TIMES * env.TENON_WORKER_SLOTS,
    maxConcurrentWorkflowTaskExecutions: LOCAL_SLOTS_TIMES * env.TENON_WORKER_SLOTS,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
    maxCachedWorkflows: CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: env.TENON_STOP_SECONDS * 1000 + HAND_OVER_MS,
  });
  return { worker, connection };
}
