import type { Deps } from '../../services/context';
import { membersOf } from '../../services/executions/run/begin-batch';
import { tellEnds } from '../../services/executions/run/tell-ends';
import type { Execution } from '../../store/models/execution.model';
import type { BatchMember } from '../../temporal/contract';
import type { RunOwner } from '../run-environment';
import { toldMember } from '../sharing/told-member';

type Ended = RunOwner &
  Pick<Execution, '_id' | 'flowName' | 'workflowId' | 'status' | 'error' | 'startedAt' | 'endedAt'>;

/**
 * The executions of a batch that had ended when its segment was begun again, as their records say: they count
 * for its table and its end as they would have without the crash.
 */
export async function endedBefore(
  deps: Deps,
  batch: { executionIds: readonly string[]; workflowId: string },
  others: readonly BatchMember[],
): Promise<BatchMember[]> {
  const known = new Set(others.map(({ executionId }) => executionId));
  const found = await deps.store.executions
    .find({ ...membersOf(batch), phase: 'ended' }, { request: 0, answer: 0 })
    .lean<Ended[]>();
  const ended = found.filter(({ _id }) => !known.has(_id));
  // The worker may have died before their last lines were stored.
  await tellEnds(
    deps,
    ended.map(({ _id }) => _id),
  );
  return Promise.all(ended.map((one) => asMember(deps, one, batch.workflowId)));
}

function asMember(deps: Deps, execution: Ended, batchId: string): Promise<BatchMember> {
  const { workflowId, status, error, startedAt, endedAt } = execution;
  const ms = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : 0;
  // Its own driver tells its end; one that was cancelled before it began has none.
  if (workflowId !== null && workflowId !== batchId)
    return toldMember(deps, execution, { state: 'goes on', ms });
  const state = status === 'SUCCESS' ? 'ok' : 'failed';
  return toldMember(deps, execution, { state, ms, ...(error && { code: error.code }) });
}
