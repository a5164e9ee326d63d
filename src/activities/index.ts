import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import type {
  BatchActivities,
  BatchInput,
  DataSourceActivities,
  DataSourceCallInput,
  DriverActivities,
  LifecycleActivities,
  LifecycleInput,
  QueueActivities,
  QueueInput,
  SegmentInput,
  SegmentResult,
} from '../temporal/contract';
import { asActivityFailure } from './activity-failure';
import { runBatch } from './batch/run-batch';
import { splitBatch } from './batch/split-batch';
import { answerDataSourceCall } from './data-source-call';
import { heartbeating, type Lease, watchingStalls } from './lease';
import { callFunctions } from './lifecycle/call-functions';
import { withOnPremise } from './on-premise/with-on-premise';
import { lookAtQueue } from './queue/look-at-queue';
import { runQueueLane } from './queue/run-queue-lane';
import { recordFailure } from './record-failure';
import type { RunDeps } from './run-deps';
import { runSegment } from './run-segment';
import { withConnections } from './with-connections';

type Segment = (input: SegmentInput) => Promise<SegmentResult>;

/**
 * The activities of a worker. Segments have many types, `runSegment` and every `component.action`, and one
 * implementation: Temporal asks `default` for each type that it finds no other for.
 */
export function createActivities(
  given: RunDeps,
): DriverActivities &
  BatchActivities &
  QueueActivities &
  LifecycleActivities &
  DataSourceActivities & { runSegment: Segment; default: Segment } {
  const deps = withConnections(withOnPremise(given));
  setMaxListeners(0, deps.stopping, deps.givingUp);
  const segment: Segment = (input) =>
    alive(deps, (activity) => runSegment(deps, input, activity), Context.current().info.attempt);
  return {
    runSegment: segment,
    default: segment,
    runBatch: (input: BatchInput) => alive(deps, (activity) => runBatch(deps, input, activity), 1),
    splitBatch: (input: BatchInput) => {
      const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
      return asActivityFailure(() => splitBatch(deps, input, workflowId));
    },
    lookAtQueue: (input: QueueInput) => {
      const { workflowId = '', runId = '' } = Context.current().info.workflowExecution ?? {};
      return asActivityFailure(() => lookAtQueue(deps, input, { workflowId, runId }));
    },
    runQueueLane: (input: QueueInput) => {
      const { activityId, attempt } = Context.current().info;
      return alive(deps, (activity) => runQueueLane(deps, input, { ...activity, activityId }), attempt);
    },
    callLifecycleFunctions: (input: LifecycleInput) => {
      const { attempt } = Context.current().info;
      return alive(deps, () => callFunctions(deps, input, attempt), attempt);
    },
    callDataSource: (input: DataSourceCallInput) =>
      alive(deps, () => answerDataSourceCall(deps, input), Context.current().info.attempt),
    recordFailure: (failure) => asActivityFailure(() => recordFailure(deps, failure)),
  };
}

/** Runs what walks flows, with signs of life of the kind that the activity has. */
function alive<T>(
  deps: RunDeps,
  work: (activity: {
    workflowId: string;
    runId: string;
    signal: AbortSignal;
    lease: Lease;
    isLocal: boolean;
  }) => Promise<T>,
  attempt: number,
): Promise<T> {
  const context = Context.current();
  const { isLocal, workflowExecution } = context.info;
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const signal = AbortSignal.any([context.cancellationSignal, deps.givingUp]);
  // Each step of each execution in it listens.
  setMaxListeners(0, signal);
  const withLease = (lease: Lease) => work({ workflowId, runId, signal, lease, isLocal });
  const living = () => (isLocal ? watchingStalls(withLease) : heartbeating(context, withLease));
  return asActivityFailure(living, attempt);
}
