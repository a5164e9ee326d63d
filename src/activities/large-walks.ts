import { newerSegment } from '../services/journal/fenced-error';
import { onePer } from '../services/one-per';
import { INLINE_LIMIT_BYTES } from '../store/blobs';
import type { Execution } from '../store/models/execution.model';
import { LargeRoom } from './large-room';
import type { RunDeps } from './run-deps';

const KB = 1024;
/** A slow execution holds the others up no longer than this. */
const HELD_MS = 2000;

const roomOf = onePer((_deps: RunDeps) => new LargeRoom());

/**
 * Walks an execution, one whose body is a blob when there is room for it among the others. Whoever waited gets what was
 * asked of the execution meanwhile; an abort ends the wait. Rejects with `FencedError` when a newer segment began.
 */
export async function walkWithinMemory<T>(
  deps: RunDeps,
  execution: Execution,
  signal: AbortSignal,
  walk: (execution: Execution) => Promise<T>,
): Promise<T> {
  const { bodyBytes } = execution.request;
  if (bodyBytes <= INLINE_LIMIT_BYTES || execution.control) return walk(execution);
  const entering = roomOf(deps).enter(execution.customerId ?? '', Math.ceil(bodyBytes / KB));
  const leave = () => void entering.then((left) => left());
  let timer: NodeJS.Timeout | undefined;
  try {
    await untilAborted(entering, AbortSignal.any([signal, deps.stopping]));
    timer = setTimeout(leave, HELD_MS);
    return await walk(await asOfNow(deps, execution));
  } finally {
    clearTimeout(timer);
    leave();
  }
}

async function untilAborted(done: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop = () => {};
  const isAborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([done, isAborted]);
  signal.removeEventListener('abort', stop);
}

async function asOfNow({ store }: RunDeps, execution: Execution): Promise<Execution> {
  const now = await store.executions.findById(execution._id, { epoch: 1, control: 1 }).lean();
  if (now?.epoch !== execution.epoch) throw newerSegment();
  return { ...execution, control: now.control ?? null };
}
