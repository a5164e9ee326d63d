import type { ComponentPin } from '../components/manifest';
import type { PerformOutcome, PerformRequest, RunnerLogLine } from '../components/runner/contract';
import { isTrusted, performTrusted } from '../components/trusted/perform-trusted';
import { bundlePathOf, reachableComponents } from './bundles/bundle-path-of';
import type { RunDeps } from './run-deps';

export interface PerformOptions {
  customerId: string | null;
  timeoutMs: number;
  onLog: (line: RunnerLogLine) => void;
  /** In a process that runs nothing else meanwhile. */
  alone?: boolean;
  /** Other components that the code may call: those that a code-native flow names. */
  reachable?: readonly ComponentPin[];
}

/** Calls component code for a customer: in a runner process, or here when the component is ours and harmless. */
export async function performCall(
  deps: RunDeps,
  request: PerformRequest,
  { customerId, timeoutMs, onLog, alone, reachable = [] }: PerformOptions,
): Promise<PerformOutcome> {
  if (isTrusted(request.component)) return performTrusted(request, onLog);
  return deps.runners.perform(await withBundles(deps, request, reachable), {
    timeoutMs,
    // Not the activity's: a call that has begun is better ended than begun again.
    signal: deps.givingUp,
    onLog,
    ...(alone && { alone }),
    ...(deps.env.TENON_RUNNER_ISOLATION === 'customer' && { pool: customerId ?? '' }),
  });
}

/** Built-in components need none, and are the most calls by far. */
async function withBundles(
  deps: RunDeps,
  request: PerformRequest,
  pins: readonly ComponentPin[],
): Promise<PerformRequest> {
  const bundlePath = await bundlePathOf(deps, request.component);
  if (bundlePath === undefined) return request;
  const reachable = await reachableComponents(deps, pins);
  return { ...request, bundlePath, ...(reachable.length > 0 && { reachable }) };
}
