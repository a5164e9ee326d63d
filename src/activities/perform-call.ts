import type { ComponentPin } from '../components/manifest';
import type { PerformOutcome, PerformRequest, RunnerLogLine } from '../components/runner/contract';
import { isTrusted, performTrusted } from '../components/trusted/perform-trusted';
import { isAppError } from '../errors';
import { bundlePathOf, reachableComponents } from './bundles/bundle-path-of';
import type { RunDeps } from './run-deps';
import { type CodeOwner, customerOf, runnerPoolOf } from './runner-pool-of';

export interface PerformOptions {
  owner: CodeOwner;
  timeoutMs: number;
  onLog: (line: RunnerLogLine) => void;
  /** Of its process, MB; as all have if not given. */
  memoryMb?: number | undefined;
  /** In a process that runs nothing else meanwhile. */
  alone?: boolean;
  /** Whether nobody wants the result any more: then a process that does not answer is ended. */
  isGivenUp?: () => boolean;
  /** Other components that the code may call: those that a code-native flow names. */
  reachable?: readonly ComponentPin[];
}

/** Calls component code for a customer: in a runner process, or here when the component is ours and harmless. */
export async function performCall(
  deps: RunDeps,
  request: PerformRequest,
  { owner, timeoutMs, onLog, memoryMb, alone, isGivenUp, reachable = [] }: PerformOptions,
): Promise<PerformOutcome> {
  if (isTrusted(request.component)) return performTrusted(request, onLog);
  const bundled = await withBundles(deps, request, reachable).catch(notThere);
  if ('error' in bundled) return bundled;
  const pool = runnerPoolOf(deps, owner);
  return deps.runners.perform(bundled, {
    timeoutMs,
    // Not the activity's: a call that has begun is better ended than begun again.
    signal: deps.givingUp,
    onLog,
    customer: customerOf(owner),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(alone && { alone }),
    ...(isGivenUp && { isGivenUp }),
    ...(pool !== undefined && { pool }),
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

/** A package that is gone or broken is the fault of the step; all else may be better at the next try. */
function notThere(error: unknown): Extract<PerformOutcome, { ok: false }> {
  const isPlain = error instanceof Error && error.name === 'Error' && !('code' in error);
  if (!isPlain && (!isAppError(error) || error.retryable)) throw error;
  return { ok: false, error: { code: 'component_error', message: error.message } };
}
