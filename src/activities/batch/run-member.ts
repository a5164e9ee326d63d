import type { Execution } from '../../store/models/execution.model';
import type { BatchMember } from '../../temporal/contract';
import type { Lease } from '../lease';
import type { RunDeps } from '../run-deps';
import { walkSegment } from '../walk-segment';
import { walkAlone } from '../walks';
import { handMemberOver } from './hand-member-over';
import { leftWalksOf, type Walked } from './left-walks';
import { MemberLease } from './member-lease';
import { toldMember, toldSteps } from './told-member';

/**
 * How long a member may take before it goes on in a driver of its own, ms: so long that the cost of that
 * driver, some 30 ms, does not count beside it.
 */
const MEMBER_BUDGET_MS = 15_000;
/** A call that ends so soon behind it leaves the batch at its step boundary. */
const LATE_MS = 500;

/** Walks an execution of a batch; tells how it left it. A long call goes on, but the batch does not wait for it. */
export async function runMember(
  deps: RunDeps,
  execution: Execution,
  limits: { signal: AbortSignal; lease: Lease },
): Promise<BatchMember> {
  const startedMs = Date.now();
  const lease = new MemberLease(limits.lease);
  const walk = walkMember(deps, execution, { signal: limits.signal, lease });
  const walked = await within(walk, MEMBER_BUDGET_MS + LATE_MS);
  if (walked !== undefined) return leaving(deps, execution, walked, startedMs);
  const handOver = () => handMemberOver(deps, execution, { startedMs });
  const member = await leftWalksOf(deps.store).leave(deps, execution, { walk, lease, handOver });
  // It may have come to its end meanwhile, and then has no driver.
  const over = await Promise.race([walk, Promise.resolve(undefined)]);
  return over?.next.kind === 'done' ? leaving(deps, execution, over, startedMs) : member;
}

async function walkMember(
  deps: RunDeps,
  execution: Execution,
  { signal, lease }: { signal: AbortSignal; lease: Lease },
): Promise<Walked> {
  const limits = { lease, budgetMs: MEMBER_BUDGET_MS, maxActions: null };
  try {
    const result = await walkAlone(deps, { key: execution._id, signal }, (own) =>
      walkSegment(deps, execution, { ...limits, signal: own }),
    );
    return { next: result.next, steps: toldSteps(result) };
  } catch {
    return { next: { kind: 'fault' }, steps: '' };
  }
}

function leaving(
  deps: RunDeps,
  execution: Execution,
  { next, steps }: Walked,
  startedMs: number,
): Promise<BatchMember> {
  const isOver = next.kind === 'done' || next.kind === 'queued';
  // Its own driver tries again what failed.
  if (!isOver)
    return handMemberOver(deps, execution, { isBetweenSteps: next.kind !== 'fault', startedMs, steps });
  const left = { ms: Date.now() - startedMs, ...(steps && { steps }) };
  if (next.kind === 'queued') return toldMember(deps, execution, { state: 'queued', ...left });
  const { isFailed, error } = next;
  const state = isFailed ? 'failed' : 'ok';
  return toldMember(deps, execution, { state, ...left, ...(error && { code: error.code }) });
}

/** Undefined when it takes longer. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
