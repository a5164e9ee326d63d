import type { Execution } from '../../store/models/execution.model';
import type { BatchMember } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import { toldMember, toldSteps } from '../sharing/told-member';
import { walkWithin } from '../sharing/walk-within';

/** Walks an execution of a batch; tells how it left it. */
export async function runMember(
  deps: RunDeps,
  execution: Execution,
  limits: { signal: AbortSignal; lease: Lease },
): Promise<BatchMember> {
  const startedMs = Date.now();
  const left = await walkWithin(deps, execution, limits);
  if (left.kind === 'handed over') return left.member;
  const { next } = left.result;
  const steps = toldSteps(left.result);
  const told = { ms: Date.now() - startedMs, ...(steps && { steps }) };
  if (next.kind !== 'done') return toldMember(deps, execution, { state: 'queued', ...told });
  const { isFailed, error } = next;
  const state = isFailed ? 'failed' : 'ok';
  return toldMember(deps, execution, { state, ...told, ...(error && { code: error.code }) });
}
