import { markWalked } from '../../services/executions/run/left-walk';
import type { Execution } from '../../store/models/execution.model';
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
 * when it is over. A worker has slots for some hundred segments only, and one customer may have that many slow calls.
 */
export async function leaveLongCall(
  deps: RunDeps,
  segment: { walk: Promise<SegmentResult>; lease: WalkLease; underway: Underway },
): Promise<SegmentResult> {
  const { walk, underway } = segment;
  let timer: NodeJS.Timeout | undefined;
  const left = new Promise<SegmentResult>((resolve) => {
    let isLeaving = false;
    const look = async (): Promise<void> => {
      const { execution, sinceMs } = underway;
      const isLong = sinceMs !== null && Date.now() - sinceMs > LONG_CALL_MS;
      if (isLeaving || !execution || !isLong) return;
      isLeaving = true;
      if (await leave(deps, execution, segment)) resolve(walked(execution._id));
    };
    timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  });
  try {
    return await Promise.race([walk, left]);
  } finally {
    clearInterval(timer);
  }
}

/** What a driver is told of an execution that a worker goes on with. */
export const walked = (executionId: string): SegmentResult => ({
  executionId,
  next: { kind: 'walked' },
  steps: [],
});

/** False where nothing came of it: it has ended, or a newer segment has it. */
function leave(
  deps: RunDeps,
  execution: Execution,
  { walk, lease }: { walk: Promise<SegmentResult>; lease: WalkLease },
): Promise<boolean> {
  const left = leftWalksOf(deps.store);
  const handOver = () => markWalked(deps, execution, left.walkerOf(execution._id) ?? '');
  return left.leave(deps, execution, { walk, lease, handOver });
}
