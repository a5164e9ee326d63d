import type { PlanFlow } from '../../engine/plan';
import { Scope } from '../../engine/scope';
import type { FinishedStep, Suspension } from '../../engine/walker-host';
import { enterQueue } from '../../services/executions/queue/enter-queue';
import { isQueued } from '../../services/executions/queue/queue-mark';
import { flowLimit } from '../../services/executions/queue/queue-rules';
import type { SegmentHost } from '../segment-host';
import { idText } from './id-text';

/**
 * Behind the trigger of a flow that has a queue: the run waits there until it is admitted, or ends as a duplicate of
 * one with the same id.
 */
export async function waitInQueue(
  host: SegmentHost,
  finished: FinishedStep,
): Promise<Suspension | undefined> {
  const { deps, execution, environment } = host.run;
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow || execution.queue?.state === 'admitted') return undefined;
  // A run anew of items that a trigger found waits where the first one did.
  const isOfItems = execution.fanOutOf !== undefined;
  if (!isOfItems && !isQueued(flow, execution)) return undefined;
  // The trigger's record first: whoever admits the run reads it.
  await host.settled();
  const entry = await enterQueue(deps, execution, {
    limit: flowLimit(flow) ?? (isOfItems ? flow.batch?.concurrentBatchLimit : undefined),
    dedupeId: isOfItems ? undefined : dedupeIdOf(flow, finished),
  });
  if (entry.kind === 'waits') return { kind: 'queued' };
  return entry.kind === 'duplicate' ? { kind: 'ended', resultType: 'CANCELED_AS_DUPLICATE' } : undefined;
}

function dedupeIdOf({ queue, trigger }: PlanFlow, { value }: FinishedStep): string | undefined {
  if (!queue?.dedupeId) return undefined;
  const scope = new Scope({});
  scope.setResult(trigger.key, value);
  return idText(scope.read(queue.dedupeId));
}
