import type { PerformOutcome, PerformRequest, RunnerLogLine } from '../components/runner/contract';
import { isTrusted, performTrusted } from '../components/trusted/perform-trusted';
import type { RunDeps } from './run-deps';

export interface PerformOptions {
  customerId: string | null;
  timeoutMs: number;
  onLog: (line: RunnerLogLine) => void;
  /** In a process that runs nothing else meanwhile. */
  alone?: boolean;
}

/** Calls component code for a customer: in a runner process, or here when the component is ours and harmless. */
export function performCall(
  deps: RunDeps,
  request: PerformRequest,
  { customerId, timeoutMs, onLog, alone }: PerformOptions,
): Promise<PerformOutcome> {
  if (isTrusted(request.component)) return performTrusted(request, onLog);
  return deps.runners.perform(request, {
    timeoutMs,
    // Not the activity's: a call that has begun is better ended than begun again.
    signal: deps.givingUp,
    onLog,
    ...(alone && { alone }),
    ...(deps.env.TENON_RUNNER_ISOLATION === 'customer' && { pool: customerId ?? '' }),
  });
}
