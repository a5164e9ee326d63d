import { insertNew } from '../../../store/bulk-writes';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { firstLines, lastLines } from '../../logs/frame-lines';

/**
 * Writes what the logs of those of the executions that have ended lack of their first and last lines; harmless where
 * they are there.
 */
export async function tellEnds(
  { store }: Pick<Deps, 'store'>,
  executionIds: readonly string[],
): Promise<void> {
  if (executionIds.length === 0) return;
  const ended = await store.executions
    .find({ _id: { $in: executionIds as string[] }, phase: 'ended' }, { request: 0, answer: 0 })
    .lean<Execution[]>();
  if (ended.length === 0) return;
  const instances = await store.instances
    .find({ _id: { $in: ended.map(({ instanceId }) => instanceId) } }, { name: 1 })
    .lean();
  const names = new Map(instances.map(({ _id, name }) => [_id, name]));
  const lines = ended.flatMap((execution) => {
    const name = names.get(execution.instanceId) ?? execution.flowName;
    return [...(execution.startedAt ? firstLines(execution, name) : []), ...lastLines(execution, name)];
  });
  if (lines.length > 0) await insertNew(store.logs.collection, lines);
  await markTold(
    { store },
    ended.filter(({ isEndUntold }) => isEndUntold).map(({ _id }) => _id),
  );
}

/** The last lines of these are there: the sweeper need not look. */
export async function markTold(
  { store }: Pick<Deps, 'store'>,
  executionIds: readonly string[],
): Promise<void> {
  if (executionIds.length === 0) return;
  await store.executions.updateMany(
    { _id: { $in: executionIds as string[] } },
    { $unset: { isEndUntold: 1 } },
  );
}
