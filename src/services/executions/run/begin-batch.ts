import { randomUUID } from 'node:crypto';
import { indexedText } from '../../../store/indexed-text';
import type { Execution } from '../../../store/models/execution.model';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';

/** The workflow that runs a batch. */
export interface BatchRun {
  workflowId: string;
  runId: string;
}

/** The executions of a batch as its segment finds them. */
export interface BegunBatch {
  /** Begun now, by this segment alone. */
  mine: Execution[];
  /** Have not ended, but were begun before or elsewhere: a batch runs nothing twice. */
  others: Execution[];
}

/**
 * Marks the start of a batch's segment for all of its executions that have not begun, in two operations. Those that were
 * not claimed for it when it was started are claimed now, unless another start has them.
 */
export async function beginBatch(
  deps: Pick<Deps, 'store'>,
  { executionIds, ...run }: BatchRun & { executionIds: string[] },
): Promise<BegunBatch> {
  const { workflowId } = run;
  const mine = await take(deps, executionIds, [workflowId, null], begunIn(run));
  if (mine.length === executionIds.length) return { mine, others: [] };
  const taken = new Set(mine.map(({ _id }) => _id));
  const open = await findOpen(deps, { executionIds, workflowId });
  return { mine, others: open.filter(({ _id }) => !taken.has(_id)) };
}

/** The same for those that go along with a batch which has begun; answers those that are its own now. */
export function beginBoarded(
  deps: Pick<Deps, 'store'>,
  { executionIds, ...run }: BatchRun & { executionIds: string[] },
): Promise<Execution[]> {
  const { workflowId } = run;
  return take(deps, executionIds, [null], { ...begunIn(run), boardedOn: workflowId });
}

/** Writes that they have begun on those of these workflows that have not, and answers these. */
async function take(
  { store }: Pick<Deps, 'store'>,
  executionIds: readonly string[],
  workflowIds: readonly (string | null)[],
  begun: Partial<Execution>,
): Promise<Execution[]> {
  const { collection } = store.executions;
  const takenBy = randomUUID();
  const ids = { $in: executionIds as never[] };
  const free = { workflowId: { $in: workflowIds as never[] }, phase: 'accepted', epoch: 0 };
  const update = { $set: { ...begun, takenBy } };
  const [only] = executionIds;
  if (only !== undefined && executionIds.length === 1) {
    const one = await collection.findOneAndUpdate({ _id: only as never, ...free }, update, {
      returnDocument: 'after',
    });
    return one ? [one as unknown as Execution] : [];
  }
  const { modifiedCount } = await collection.updateMany({ _id: ids, ...free }, update);
  if (modifiedCount === 0) return [];
  return (await collection.find({ _id: ids, takenBy }).toArray()) as unknown as Execution[];
}

const begunIn = ({ workflowId, runId }: BatchRun) => ({
  workflowId,
  phase: 'running' as const,
  epoch: 1,
  segment: { index: 0, tries: 1 },
  runId,
  startedAt: new Date(),
});

/** What of a batch has not ended. What waits in a queue belongs to it no more. */
export async function findOpen(
  { store }: Pick<Deps, 'store'>,
  { executionIds, workflowId }: { executionIds: readonly string[]; workflowId: string },
): Promise<Execution[]> {
  const found = (await store.executions.collection
    .find({ ...membersOf({ executionIds, workflowId }), phase: { $ne: 'ended' } })
    .toArray()) as unknown as Execution[];
  // The batch itself, and the drivers that its members go on in; one that has not begun has its driver of another start.
  return found.filter(
    (one) =>
      one.workflowId === workflowId ||
      (one.workflowId === executionWorkflowId(one._id) && one.phase !== 'accepted'),
  );
}

/** The records of a batch: those that it was started with, and those that went along later. */
export const membersOf = ({
  executionIds,
  workflowId,
}: {
  executionIds: readonly string[];
  workflowId: string;
}) => ({ $or: [{ _id: { $in: executionIds as never[] } }, { boardedOn: indexedText(workflowId) }] });
