import type { Deps } from '../../context';

/**
 * Writes the workflow that shall run them on executions that wait for one, and answers those that are now its
 * own: another process may have taken some, and some may have been cancelled.
 */
export async function claim(
  { store }: Pick<Deps, 'store'>,
  executionIds: readonly string[],
  workflowId: string,
): Promise<Set<string>> {
  const { modifiedCount } = await store.executions.collection.updateMany(
    { _id: { $in: executionIds as never[] }, phase: 'accepted', workflowId: null },
    { $set: { workflowId } },
  );
  if (modifiedCount === executionIds.length) return new Set(executionIds);
  const mine = await store.executions
    .find({ _id: { $in: executionIds }, phase: 'accepted', workflowId }, { _id: 1 })
    .lean();
  return new Set(mine.map(({ _id }) => _id));
}
