import type { Execution, ToldSteps } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { BETWEEN_STEPS } from './hand-over';

/** Who walks on says so this often, ms. */
export const WALK_BEAT_MS = 3000;
/** After so long without a sign it is taken for dead, ms. */
export const WALK_LEASE_MS = 12_000;

/** What the record of an execution must say for a segment to begin: nobody walks it, or has not said so for long. */
export const notWalked = () => ({
  $or: [{ 'walk.by': null }, { $expr: { $lt: ['$walk.at', { $subtract: ['$$NOW', WALK_LEASE_MS] }] } }],
});

/** Says that these are still walked by that worker. Answers those that are; the others have been taken for dead. */
export async function keepWalks(
  { store: { executions } }: Pick<Deps, 'store'>,
  by: string,
  executionIds: readonly string[],
): Promise<Set<string>> {
  const mine = { _id: { $in: executionIds as never[] }, 'walk.by': by };
  // The driver's own call: mongoose casts no pipelines.
  const { matchedCount } = await executions.collection.updateMany(mine, [{ $set: { 'walk.at': '$$NOW' } }]);
  if (matchedCount === executionIds.length) return new Set(executionIds);
  const kept = await executions.collection.find(mine, { projection: { _id: 1 } }).toArray();
  return new Set(kept.map(({ _id }) => String(_id)));
}

/** Says that a worker goes on with a walk that its driver's segment leaves. False where it has ended, or a newer one has it. */
export async function markWalked(
  { store }: Pick<Deps, 'store'>,
  { _id, epoch }: Execution,
  by: string,
): Promise<boolean> {
  const open = { _id, epoch, phase: 'running' as const };
  const { matchedCount } = await store.executions.updateOne(open, { $set: { walk: { by, at: new Date() } } });
  return matchedCount === 1;
}

/** Says that a walk is over, with the steps that it finished; without, one may be in flight. Its driver goes on. */
export async function endWalk(
  { store, temporal }: Deps,
  { _id }: Execution,
  { by, told }: { by: string; told?: ToldSteps },
): Promise<void> {
  const ended = await store.executions
    .findOneAndUpdate(
      { _id, 'walk.by': by },
      { $set: { 'walk.by': null, ...(told && { 'walk.told': told, segment: BETWEEN_STEPS }) } },
      { projection: { workflowId: 1 } },
    )
    .lean<Pick<Execution, 'workflowId'>>();
  if (ended?.workflowId) await temporal.wakeDriver(ended.workflowId);
}
