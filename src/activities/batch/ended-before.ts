import { membersOf } from '../../services/executions/run/begin-batch';
import { tellEnds } from '../../services/executions/run/tell-ends';
import type { Execution } from '../../store/models/execution.model';
import type { BatchMember } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';

type Ended = Pick<
  Execution,
  '_id' | 'flowName' | 'workflowId' | 'status' | 'error' | 'startedAt' | 'endedAt'
>;

/**
 * The executions of a batch that had ended when its segment was begun again, as their records say: they count
 * for its table and its end as they would have without the crash.
 */
export async function endedBefore(
  { store }: Pick<RunDeps, 'store'>,
  batch: { executionIds: readonly string[]; workflowId: string },
  others: readonly BatchMember[],
): Promise<BatchMember[]> {
  const known = new Set(others.map(({ executionId }) => executionId));
  const found = await store.executions
    .find(
      { ...membersOf(batch), phase: 'ended' },
      { flowName: 1, workflowId: 1, status: 1, error: 1, startedAt: 1, endedAt: 1 },
    )
    .lean<Ended[]>();
  const ended = found.filter(({ _id }) => !known.has(_id));
  // The worker may have died before their last lines were stored.
  await tellEnds(
    { store },
    ended.map(({ _id }) => _id),
  );
  return ended.map((one) => asMember(one, batch.workflowId));
}

function asMember(
  { _id: executionId, flowName: flow, workflowId, status, error, startedAt, endedAt }: Ended,
  batchId: string,
): BatchMember {
  const ms = startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : 0;
  // Its own driver tells its end; one that was cancelled before it began has none.
  if (workflowId !== null && workflowId !== batchId) return { executionId, flow, state: 'goes on', ms };
  const state = status === 'SUCCESS' ? 'ok' : 'failed';
  return { executionId, flow, state, ms, ...(error && { code: error.code }) };
}
