import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { type Cleared, clearOutputs } from '../../journal/clear-outputs';

/** In one pass. */
const BATCH = 200;

/**
 * One pass over ended executions whose outputs are still there though they are not to be kept: whoever ended them
 * could not remove them at once. Answers how many there were.
 */
export async function clearDue(deps: Pick<Deps, 'store'>, now = new Date()): Promise<number> {
  const due: Record<string, unknown> = {
    // The type for the index, see `indexedText`.
    resultsDueAt: { $lt: now, $type: 'date' },
    phase: 'ended' satisfies Execution['phase'],
    // The next attempt may still take over what the trigger gave.
    'nextRetry.isMade': { $ne: false },
  };
  const found = await deps.store.executions
    .find(due, { instanceId: 1, fanOut: 1, fanOutOf: 1, nextRetry: 1, retryOf: 1 })
    .sort({ resultsDueAt: 1 })
    .limit(BATCH)
    .lean<Cleared[]>();
  for (const ended of found) await clearOutputs(deps, ended);
  return found.length;
}
