import {
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { QUEUE_SIGNAL, type QueueActivities, type QueueInput } from '../temporal/contract';
import { SEGMENT_OPTIONS } from './segment-options';

/** Not a local activity: a signal that comes during one is met at another place when the workflow is replayed. */
const { lookAtQueue } = proxyActivities<QueueActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
});
const { runQueueLane } = proxyActivities<QueueActivities>(SEGMENT_OPTIONS);

/** It ends when nothing was to do for so long; the next wake begins it anew. */
const IDLE_MS = 60_000;
/** Lanes at once; more runs than the most that a queue may allow. */
const MOST_LANES = 20;
/** After a fault that no further try cures. */
const AGAIN_AFTER_MS = 10_000;
/** A history this long is ended as soon as its lanes have ended. Source: Temporal's limit of 51,200 events. */
const MOST_EVENTS = 20_000;

/**
 * Admits the runs of one queue. Which ones, and how many, is decided by the store; here is only who runs them: a
 * lane for each run that may be admitted now, as an activity that goes on with the next one.
 */
export async function flowQueue(input: QueueInput): Promise<void> {
  let isWoken = true;
  let lanes = 0;
  setHandler(defineSignal(QUEUE_SIGNAL), () => {
    isWoken = true;
  });
  const runLane = async (): Promise<void> => {
    const hasMore = await orLater(async () => (await runQueueLane(input)).admitted > 0, true);
    lanes -= 1;
    isWoken ||= hasMore;
  };
  const startLane = () => {
    lanes += 1;
    // Rejects when the workflow is cancelled, which ends it elsewhere.
    runLane().catch(() => undefined);
  };
  for (;;) {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested && lanes === 0) await continueAsNew<typeof flowQueue>(input);
    if (isWoken && historyLength < MOST_EVENTS) {
      isWoken = false;
      // The first one at once; a lane that comes in vain does no harm.
      if (lanes === 0) startLane();
      const admissible = await orLater(async () => (await lookAtQueue(input)).admissible, 1);
      const more = Math.min(admissible, MOST_LANES - lanes);
      for (let lane = 0; lane < more; lane += 1) startLane();
    }
    const before = lanes;
    const hasNews = () => isWoken || lanes < before;
    if (lanes > 0) await condition(hasNews);
    else if (!isWoken && !(await condition(hasNews, IDLE_MS)) && !isWoken) return;
  }
}

/** What the work gives; after a fault of ours, and a while, the other. */
async function orLater<T>(work: () => Promise<T>, other: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) throw error;
    await sleep(AGAIN_AFTER_MS);
    return other;
  }
}
