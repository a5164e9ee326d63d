import { LRUCache } from 'lru-cache';
import { AppError } from '../../../errors';
import type { Deps } from '../../context';

/** What is known of how many executions of an instance wait for their start. */
interface Depth {
  counted: number;
  countedMs: number;
  /** Accepted here since then. */
  since: number;
  /** Whether the count that is under way succeeds. */
  counting: Promise<boolean> | null;
}

/** A count is good for this long, or for a twentieth of the limit in further deliveries. */
const GOOD_FOR_MS = 1000;
const depths = new LRUCache<string, Depth>({ max: 10_000 });

/** Whose executions are counted: those of an instance that wait for their start, and in the flow's own queue. */
export interface Waiting {
  instanceId: string;
  /** Set for a flow whose runs queue. */
  flowConfigId?: string;
}

/**
 * Refuses a delivery with `limit_exceeded` when as many executions of the instance wait as
 * `TENON_INSTANCE_QUEUE_DEPTH` allows. Counts in the background, and surely before it refuses.
 */
export async function assertDepth(deps: Deps, waiting: Waiting): Promise<void> {
  const most = deps.env.TENON_INSTANCE_QUEUE_DEPTH;
  const depth = depthOf(waiting.flowConfigId ?? waiting.instanceId);
  depth.since += 1;
  const isOld = depth.since > most / 20 || Date.now() - depth.countedMs > GOOD_FOR_MS;
  const isFull = () => depth.counted + depth.since > most;
  if (isOld || isFull()) depth.counting ??= count(deps, waiting, depth);
  // Uncounted it is not refused here: the store is away, and the delivery fails when it is to be stored.
  if (isFull() && depth.counting && !(await depth.counting)) return;
  if (!isFull()) return;
  throw new AppError(
    'limit_exceeded',
    `${most} executions of this instance wait already; this delivery was not accepted.`,
    { retryAfterSeconds: 5 },
  );
}

async function count({ store }: Deps, { instanceId, flowConfigId }: Waiting, depth: Depth): Promise<boolean> {
  const before = depth.since;
  try {
    const { collection } = store.executions;
    const [accepted, queued] = await Promise.all([
      collection.countDocuments({ instanceId, phase: 'accepted' }),
      flowConfigId === undefined
        ? 0
        : collection.countDocuments({ 'queue.state': 'waiting', 'queue.key': flowConfigId }),
    ]);
    depth.counted = accepted + queued;
    depth.since -= before - 1;
    depth.countedMs = Date.now();
    return true;
  } catch {
    return false;
  } finally {
    depth.counting = null;
  }
}

function depthOf(key: string): Depth {
  const known = depths.get(key);
  if (known) return known;
  const depth = { counted: 0, countedMs: 0, since: 0, counting: null };
  depths.set(key, depth);
  return depth;
}
