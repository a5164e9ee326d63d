import type { Execution, LeftWalk, ToldSteps } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { BETWEEN_STEPS } from './hand-over';

/** Who walks on says so this often, ms. */
export const WALK_BEAT_MS = 2000;

/**
 * What the record of an execution must say for a segment to begin: nobody walks it. No clock is asked: a worker that
 * gives no sign of life is named there until a sweeper has taken the walk from it, see {@link freeWalk}.
 */
export const notWalked = () => ({ 'walk.by': null });

/** Whether the record says that this worker walks it. */
export async function isWalkedBy(
  { executions }: Deps['store'],
  executionId: string,
  by: string,
): Promise<boolean> {
  return (await executions.exists({ _id: executionId, 'walk.by': by })) !== null;
}

/** Says that these are still walked by that worker. Answers those that are; the others have been taken from it. */
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

/** Those of them that somebody asked to end. */
export async function cancelledWalks(
  { store: { executions } }: Pick<Deps, 'store'>,
  executionIds: readonly string[],
): Promise<string[]> {
  const cancelled = { _id: { $in: executionIds as never[] }, control: 'cancel' };
  const found = await executions.collection.find(cancelled, { projection: { _id: 1 } }).toArray();
  return found.map(({ _id }) => String(_id));
}

/** Says that a worker goes on with a walk that its driver's segment leaves. False where it has ended, or a newer one has it. */
export async function markWalked(
  { store }: Pick<Deps, 'store'>,
  { _id, epoch }: Execution,
  by: string,
): Promise<boolean> {
  const open = { _id: _id as never, epoch, phase: 'running' };
  const walk = { by: { $literal: by }, at: '$$NOW' };
  const { matchedCount } = await store.executions.collection.updateOne(open, [{ $set: { walk } }]);
  return matchedCount === 1;
}

/** Takes such a mark back that may have been written though nobody was told so: the segment goes on with its walk. */
export async function unmarkWalked({ store }: Pick<Deps, 'store'>, { _id, epoch }: Execution): Promise<void> {
  await store.executions.updateOne({ _id, epoch }, { $unset: { walk: 1 } });
}

/** Says that a walk is over, with the steps that it finished; without, one may be in flight. Its driver goes on. */
export async function endWalk(
  deps: Deps,
  { _id }: Execution,
  { by, told }: { by: string; told?: ToldSteps },
): Promise<void> {
  const ended = await deps.store.executions
    .findOneAndUpdate(
      { _id, 'walk.by': by },
      { $set: { 'walk.by': null, ...(told && { 'walk.told': told, segment: BETWEEN_STEPS }) } },
      { projection: { workflowId: 1 } },
    )
    .lean<Pick<Execution, '_id' | 'workflowId'>>();
  if (ended) await wakeBehind(deps, ended);
}

/** Takes a walk from a worker that gave no sign of life. False where it gave one since, or it was taken before. */
export async function freeWalk(
  { store }: Pick<Deps, 'store'>,
  { _id, walk: { by, at } }: { _id: string; walk: LeftWalk & { at: Date } },
): Promise<boolean> {
  const silent = { _id, 'walk.by': by, 'walk.at': at };
  return (await store.executions.updateOne(silent, { $set: { 'walk.by': null } })).matchedCount === 1;
}

/**
 * Tells the driver behind a walk that is over. Only then the sweeper finds it no more, which repeats what fails here; what
 * the walk told stays for the driver's next segment.
 */
export async function wakeBehind(
  { store, temporal }: Deps,
  { _id, workflowId }: Pick<Execution, '_id' | 'workflowId'>,
): Promise<void> {
  if (workflowId !== null) await temporal.wakeDriver(workflowId);
  await store.executions.updateOne({ _id, 'walk.by': null }, { $unset: { 'walk.at': 1 } });
}
