import { indexedText } from '../../../store/indexed-text';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { endAsDuplicate } from '../queue/end-as-duplicate';
import { forgetRetry } from './forget-retry';

/** Ends the attempts at older requests with the same id that wait for their time. */
export async function cancelOlderRetries(deps: Deps, newer: Execution): Promise<void> {
  if (newer.requestKey === undefined) return;
  const waiting: Record<string, unknown> = {
    requestKey: indexedText(newer.requestKey),
    phase: 'accepted',
    'retryOf.rootAcceptedAt': { $lt: newer.acceptedAt },
  };
  const found = await deps.store.executions.find(waiting, { request: 0 }).lean<Execution[]>();
  for (const retry of found) {
    if (!(await endAsDuplicate(deps, retry, newer._id))) continue;
    await forgetRetry(deps, retry, newer._id);
    await endDriver(deps, retry);
  }
}

/** Its driver would begin in vain when the attempt is due; a lost try costs that. */
export async function endDriver(deps: Deps, { workflowId }: Execution): Promise<void> {
  if (workflowId === null) return;
  await deps.temporal.terminate(workflowId, 'The attempt was cancelled.').catch(() => undefined);
}
