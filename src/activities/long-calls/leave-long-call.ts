import { setTimeout as sleep } from 'node:timers/promises';
import { markWalked, unmarkWalked } from '../../services/executions/run/left-walk';
import type { SegmentResult } from '../../temporal/contract';
import type { RunDeps } from '../run-deps';
import { leftWalksOf } from './left-walks';
import type { Underway } from './underway';
import type { WalkLease } from './walk-lease';

/** A call that is under way for so long no longer keeps its segment's slot in the worker, ms. */
const LONG_CALL_MS = 15_000;
const LOOK_EVERY_MS = 3000;

/**
 * The result of a segment; `walked` where it is in the middle of a long call: the walk goes on here, and its driver is told
 * when it is over. A worker has slots for some hundred segments only, and one customer may have that many slow calls. What
 * fails while it is handed over is tried again at the next look.
 */
export async function leaveLongCall(
  deps: RunDeps,
  { walk, lease, underway }: { walk: Promise<SegmentResult>; lease: WalkLease; underway: Underway },
): Promise<SegmentResult> {
  const isOver = walk.then(
    () => true,
    () => true,
  );
  /** It may say on the record that the walk was left, though it was not. */
  let isUnsure = false;
  for (;;) {
    const over = await within(isOver, LOOK_EVERY_MS);
    const { execution, sinceMs } = underway;
    const isLong = !over && sinceMs !== null && Date.now() - sinceMs > LONG_CALL_MS;
    if (execution && isLong) {
      const handOver = (by: string) =>
        markWalked(deps, execution, by).catch(() => {
          isUnsure = true;
          return false;
        });
      const isLeft = await leftWalksOf(deps.store).leave(deps, execution, { walk, lease, handOver });
      if (isLeft) return walked(execution._id);
    } else if (execution && isUnsure) {
      // What fails here is left to the sweeper, or the next look.
      isUnsure = await unmarkWalked(deps, execution).then(
        () => false,
        () => true,
      );
    }
    if (over) return walk;
  }
}

/** What a driver is told of an execution that a worker goes on with. */
export const walked = (executionId: string): SegmentResult => ({
  executionId,
  next: { kind: 'walked' },
  steps: [],
});

/** Whether it is so within that time. */
async function within(isSo: Promise<boolean>, ms: number): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([isSo, sleep(ms, false, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}
