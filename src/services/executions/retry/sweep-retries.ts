import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { makeRetry } from './make-retry';

/** In one pass. */
const MOST = 200;

/**
 * Makes the attempts that failed executions planned and nobody made: a process died between, or Temporal was away.
 * Stops with `dependency_unavailable` while it is.
 */
export async function sweepRetries(deps: Deps): Promise<number> {
  const planned: Record<string, unknown> = { 'nextRetry.isMade': false };
  const found = await deps.store.executions
    .find(planned, { _id: 1 })
    .sort({ 'nextRetry.at': 1 })
    .limit(MOST)
    .lean<Pick<Execution, '_id'>[]>();
  for (const { _id } of found) await makeRetry(deps, _id);
  return found.length;
}
