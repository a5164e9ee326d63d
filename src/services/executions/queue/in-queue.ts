import type { QueuePlace } from '../../../store/models/execution.model';

/** Selects the executions of a queue that stand there; served by the index of queues. */
export function inQueue(key: string, state: QueuePlace['state']): Record<string, unknown> {
  return { 'queue.state': state, 'queue.key': key };
}
