import type { Execution } from '../../store/models/execution.model';
import type { BatchMember, SegmentResult } from '../../temporal/contract';
import type { Lease } from '../lease';
import { leftWalksOf } from '../long-calls/left-walks';
import { WalkLease } from '../long-calls/walk-lease';
import type { RunDeps } from '../run-deps';
import { walkSegment } from '../walk-segment';
import { walkAlone } from '../walks';
import { handMemberOver } from './hand-member-over';

/**
 * How long an execution that shares its activity with others may take before it goes on in a driver of its own, ms: so
 * long that the cost of that driver, some 30 ms, does not count beside it.
 */
const SHARED_BUDGET_MS = 15_000;
/** A call that ends so soon behind it leaves at its step boundary. */
const LATE_MS = 500;

/** How an execution left the activity that it shared with others. */
export type Left =
  | { kind: 'walked'; result: SegmentResult }
  /** It goes on in a driver of its own. */
  | { kind: 'handed over'; member: BatchMember };

/**
 * Walks an execution that shares its activity with others until it ends or must go on elsewhere: behind its budget, where it
 * must wait, or at a fault of the infrastructure. A call that outlives the budget goes on here, but nobody waits for it.
 */
export async function walkWithin(
  deps: RunDeps,
  execution: Execution,
  { signal, lease: shared }: { signal: AbortSignal; lease: Lease },
): Promise<Left> {
  const startedMs = Date.now();
  const lease = new WalkLease(shared);
  const limits = { lease, budgetMs: SHARED_BUDGET_MS, maxActions: null };
  const walk = walkAlone(deps, { key: execution._id, signal }, (own) =>
    walkSegment(deps, execution, { ...limits, signal: own }),
  );
  const end = settled(walk);
  const first = await within(end, SHARED_BUDGET_MS + LATE_MS);
  if (first !== undefined) return leaving(deps, execution, first, startedMs);
  const handOver = () => handMemberOver(deps, execution, { startedMs });
  const member = await leftWalksOf(deps.store).leave(deps, execution, { walk, lease, handOver });
  // It may have come to its end meanwhile, and then has no driver.
  const over = await Promise.race([end, Promise.resolve(undefined)]);
  return over?.next.kind === 'done' ? { kind: 'walked', result: over } : { kind: 'handed over', member };
}

async function leaving(
  deps: RunDeps,
  execution: Execution,
  result: SegmentResult | null,
  startedMs: number,
): Promise<Left> {
  const kind = result?.next.kind;
  if (result && (kind === 'done' || kind === 'queued')) return { kind: 'walked', result };
  // Its own driver tries again what failed, perhaps in the middle of a step.
  const how = { startedMs, isBetweenSteps: result !== null, ...(result && { result }) };
  return { kind: 'handed over', member: await handMemberOver(deps, execution, how) };
}

/** Null where it fails. */
const settled = (walk: Promise<SegmentResult>): Promise<SegmentResult | null> => walk.catch(() => null);

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
