import type { Deps } from '../../context';
import { removeRunData } from '../../instances/remove-run-data';

/** Longer than a step of an ended driver can be at work before it learns of it. */
const REPEAT_FOR_MS = 2 * 60_000;

/**
 * Removes what steps that were still at work wrote after their instance was deleted. Answers how many
 * instances were deleted lately.
 */
export async function sweepRemoved(deps: Deps): Promise<number> {
  const removed = await deps.store.removedInstances
    .find({ removedAt: { $gt: new Date(Date.now() - REPEAT_FOR_MS) } })
    .lean();
  for (const { _id } of removed) await removeRunData(deps, _id);
  return removed.length;
}
