import { randomUUID } from 'node:crypto';
import type { Execution } from '../../../store/models/execution.model';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';

/** The executions of a batch as its segment finds them. */
export interface BegunBatch {
  /** Begun now, by this segment alone. */
  mine: Execution[];
  /** Have not ended, but were begun before or elsewhere: a batch runs nothing twice. */
  others: Execution[];
}

/** Marks the start of a batch's segment for all of its executions that have not begun, in two operations. */
export async function beginBatch(
  { store }: Pick<Deps, 'store'>,
  batch: { executionIds: string[]; workflowId: string; runId: string },
): Promise<BegunBatch> {
  const takenBy = randomUUID();
  const { executionIds, workflowId, runId } = batch;
  const ids = { $in: executionIds as never[] };
  await store.executions.collection.updateMany(
    { _id: ids, workflowId, phase: 'accepted', epoch: 0 },
    {
      $set: {
        phase: 'running',
        epoch: 1,
        segment: { index: 0, tries: 1 },
        runId,
        takenBy,
        startedAt: new Date(),
      },
    },
  );
  const open = (await store.executions.collection
    .find({ _id: ids, phase: { $ne: 'ended' }, workflowId: { $in: workflowsOf(executionIds, workflowId) } })
    .toArray()) as unknown as Execution[];
  return {
    mine: open.filter((execution) => execution.takenBy === takenBy),
    others: open.filter((execution) => execution.takenBy !== takenBy),
  };
}

/** The batch itself, and the drivers that its members go on in. What waits in a queue belongs to neither any more. */
export const workflowsOf = (executionIds: readonly string[], batchId: string): string[] => [
  batchId,
  ...executionIds.map(executionWorkflowId),
];
