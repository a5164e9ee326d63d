import { WAKE_PATH, wakeToken } from '../services/executions/accept/wake-token';
import type { Execution } from '../store/models/execution.model';
import type { RunDeps } from './run-deps';

const TIMEOUT_MS = 2000;

/** Tells the API process whose caller waits that the answer is stored. Only a wake: a lost one costs a second. */
export function pushAnswer(deps: RunDeps, execution: Execution): void {
  if (!execution.replyTo) return;
  void fetch(`${execution.replyTo}${WAKE_PATH}/${execution._id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${wakeToken(deps.env, execution._id)}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
}
