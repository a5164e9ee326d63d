import type { Execution } from '../../../store/models/execution.model';
import { isQueueId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { wakeQueueIfRoom } from './wake-queue';

/** What the final write of an execution changes of its place in a queue. */
export function leavingQueue({ queue }: Pick<Execution, 'queue'>) {
  if (!queue) return { set: {}, unset: {} };
  return { set: { 'queue.state': 'left' }, unset: { 'queue.slot': 1, 'queue.dedupeKey': 1 } };
}

/** Whether a lane of its queue runs it, beside others and one after the other. */
export const isInLane = ({ workflowId }: Pick<Execution, 'workflowId'>): boolean =>
  isQueueId(workflowId ?? '');

/** Told when an execution has ended: another one may have its place. A lane of the queue goes on by itself. */
export function leftQueue(deps: Deps, execution: Execution): void {
  if (!execution.queue || isInLane(execution)) return;
  wakeQueueIfRoom(deps, execution);
}
