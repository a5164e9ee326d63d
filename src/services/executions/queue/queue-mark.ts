import type { PlanFlow } from '../../../engine/plan';
import type { Execution, QueuePlace } from '../../../store/models/execution.model';
import { queueOrder } from './queue-order';

/** Runs of these kinds are never queued: a deploy or a removal waits for them. */
const UNQUEUED = new Set<Execution['invokeType']>(['DEPLOY_FLOW', 'TEAR_DOWN_FLOW']);

type Marked = Pick<
  Execution,
  '_id' | 'flowConfigId' | 'invokeType' | 'isPreprocess' | 'acceptedAt' | 'retryOf'
>;

/**
 * The place in its flow's queue that an execution gets when it is accepted; undefined where runs go in parallel.
 * Deploy, removal and preprocess runs are never queued.
 */
export function queueMark(flow: PlanFlow, execution: Marked): QueuePlace | undefined {
  if (!isQueued(flow, execution)) return undefined;
  return {
    key: execution.flowConfigId,
    state: 'entering',
    order: queueOrder(execution.acceptedAt, execution._id),
  };
}

/** Whether a run of the flow takes part in its queue. */
export function isQueued(flow: PlanFlow, execution: Pick<Marked, 'invokeType' | 'isPreprocess'>): boolean {
  return flow.queue !== undefined && !execution.isPreprocess && !UNQUEUED.has(execution.invokeType);
}
