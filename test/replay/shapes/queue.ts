import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { QUEUE_SIGNAL } from '../../../src/temporal/contract';
import { until } from '../../support/until';
import { ended, type Shape } from './shape';

/** How the workflow of a queue goes. */
export const QUEUE_SHAPES: Record<string, Shape> = {
  /** Two lanes, a wake while they work, and its end when nothing comes any more. */
  queue: async (worker) => {
    const run = await worker.startQueue(async ({ type, index }) => {
      if (type === 'lookAtQueue') return index === 0 ? 1 : 0;
      await sleep(1000);
      return index < 2 ? 1 : 0;
    });
    await until('the lanes', () => run.queueCalls.length === 3);
    await run.handle.signal(QUEUE_SIGNAL);
    return ended(run);
  },

  'queue-with-faults': async (worker) =>
    ended(
      await worker.startQueue(({ type, index }) => {
        if (index === 0) throw ApplicationFailure.nonRetryable('broken', 'TypeError');
        return type === 'lookAtQueue' && index === 1 ? 1 : 0;
      }),
    ),

  'queue-cancelled': async (worker) => {
    const run = await worker.startQueue(async ({ type }) => {
      if (type === 'runQueueLane') await sleep(1500);
      return 1;
    });
    await until('a lane', () => run.queueCalls.length > 1);
    await run.handle.cancel();
    return ended(run);
  },

  /** Its first run; wants a server that suggests it early. */
  'queue-continued-as-new': async (worker) => {
    let lanes = 0;
    const run = await worker.startQueue(({ type }) => {
      if (type === 'lookAtQueue') return 0;
      lanes += 1;
      return lanes < 14 ? 1 : 0;
    });
    const { firstExecutionRunId } = run.handle;
    await ended(run);
    return { ...run, events: () => worker.eventsOf(run.handle.workflowId, firstExecutionRunId) };
  },
};
