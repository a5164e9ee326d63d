import { AppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { isBatchId, isQueueId } from '../../../temporal/names';
import { requireInstanceWriter } from '../../authorize';
import type { Deps, RequestContext } from '../../context';
import { getExecution } from '../read/get-execution';

/** What a person may ask of an execution that has not ended. Throws `not_found`, `forbidden`. */
export async function findControllable(deps: Deps, ctx: RequestContext, id: string): Promise<Execution> {
  const execution = await getExecution(deps, ctx, { id });
  requireInstanceWriter(ctx, execution);
  return execution;
}

/** Changes a record that has not ended, and answers its new form. Throws `invalid_state` otherwise. */
export async function changeOpen(
  deps: Deps,
  ctx: RequestContext,
  id: string,
  change: { condition?: object; update: object; refusal: string },
): Promise<Execution> {
  const changed = await deps.store.executions
    .findOneAndUpdate({ _id: id, phase: { $ne: 'ended' }, ...change.condition }, change.update, {
      returnDocument: 'after',
    })
    .lean<Execution>();
  if (changed) return changed;
  const { phase } = await getExecution(deps, ctx, { id });
  throw new AppError('invalid_state', phase === 'ended' ? 'The execution has ended.' : change.refusal);
}

/** Lets a driver that waits look at the record. One in a batch or a queue's lane looks by itself. */
export async function wake(deps: Deps, execution: Execution): Promise<void> {
  const { workflowId } = execution;
  // A signal would begin an attempt before its time.
  if (isAhead(execution)) return;
  if (workflowId === null || isBatchId(workflowId) || isQueueId(workflowId)) return;
  await deps.temporal.wakeDriver(workflowId);
}

/** Whether it is a run anew after a failure that is not due yet. */
export function isAhead({ phase, retryOf, acceptedAt }: Execution): boolean {
  return phase === 'accepted' && retryOf !== undefined && acceptedAt.getTime() > Date.now();
}
