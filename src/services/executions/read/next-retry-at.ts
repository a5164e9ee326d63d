import type { Execution } from '../../../store/models/execution.model';

/** When the next attempt at a failed run is due; null when none waits any more. */
export function nextRetryAt({ nextRetry }: Pick<Execution, 'nextRetry'>): Date | null {
  return nextRetry && nextRetry.at.getTime() > Date.now() ? nextRetry.at : null;
}
