import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { makeRetry } from '../retry/make-retry';
import { planRetry } from '../retry/plan-retry';
import { type EndOptions, type ExecutionEnd, storeEnd } from './store-end';

/**
 * Gives an execution its final status, once and for all, and a run that is tried again its next attempt. Answers its
 * record as it ended, of which `lastLines` makes the last lines of its log; null when a newer segment has it, or it is
 * gone.
 */
export async function endExecution(
  deps: Deps,
  execution: Execution,
  end: ExecutionEnd,
  options: Omit<EndOptions, 'retry'> = {},
): Promise<Execution | null> {
  const { error, isRefused = false } = end;
  const retry = error && !isRefused && (await planRetry(deps, execution, error));
  const ended = await storeEnd(deps, execution, end, { ...options, ...(retry && { retry }) });
  // What fails here is left to the sweeper.
  if (ended && retry && retry.nextRetry) await makeRetry(deps, execution._id).catch(() => undefined);
  return ended;
}
