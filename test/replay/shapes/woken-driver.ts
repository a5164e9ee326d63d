import { setTimeout as sleep } from 'node:timers/promises';
import { LOOK_SIGNAL } from '../../../src/temporal/contract';
import { until } from '../../support/until';
import { DONE, ended, executionId, moves, type Shape } from './shape';

/** What comes from outside to a driver, at its start, in a segment or in a wait. */
export const WOKEN_SHAPES: Record<string, Shape> = {
  'cancelled-in-a-wait': async (worker) => {
    const run = await worker.start({ executionId }, moves({ kind: 'wait', ms: 3_600_000 }));
    await until('the wait', async () =>
      (await run.events()).some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED'),
    );
    await run.handle.cancel();
    return ended(run);
  },

  'cancelled-in-a-segment': async (worker) => {
    const run = await worker.start({ executionId }, async () => {
      await sleep(1500);
      return DONE;
    });
    await until('the segment', () => run.segments.length > 0);
    await run.handle.cancel();
    return ended(run);
  },

  'held-and-resumed': async (worker) => {
    const run = await worker.start({ executionId }, moves({ kind: 'held' }));
    await until('the first segment', () => run.segments.length > 0);
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },

  /** Its batch left it in the middle of a call: it asks for the first segment again when that is over. */
  walked: async (worker) => {
    let asked = 0;
    const run = await worker.start({ executionId }, () => {
      asked += 1;
      return asked === 1 ? { kind: 'walked' } : DONE;
    });
    await until('the wait', async () =>
      (await run.events()).some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED'),
    );
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },

  'woken-in-a-wait': async (worker) => {
    const run = await worker.start({ executionId }, moves({ kind: 'wait', ms: 3_600_000 }));
    await until('the wait', async () =>
      (await run.events()).some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED'),
    );
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },

  /** Its first segment outlasts the workflow's task, which is then renewed. */
  'long-first-segment': async (worker) =>
    ended(
      await worker.start({ executionId }, async (call) => {
        await sleep(9000);
        return moves({ kind: 'limit' })(call);
      }),
    ),

  /** As the one above, and a wake comes in the middle: the task that renews it brings the signal along. */
  'woken-in-a-long-first-segment': async (worker) => {
    const run = await worker.start({ executionId }, async (call) => {
      if (call.input.index === 0) await sleep(10_000);
      return moves({ kind: 'wait', ms: 3_600_000 })(call);
    });
    await until('the first segment', () => run.segments.length > 0);
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },

  'resumed-in-a-long-first-segment': async (worker) => {
    const run = await worker.start({ executionId }, async (call) => {
      if (call.input.index === 0) await sleep(18_000);
      return moves({ kind: 'held' })(call);
    });
    await until('the first segment', () => run.segments.length > 0);
    await run.handle.signal(LOOK_SIGNAL);
    await sleep(9000);
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },

  'cancelled-in-a-long-first-segment': async (worker) => {
    const run = await worker.start({ executionId }, async () => {
      await sleep(10_000);
      return DONE;
    });
    await until('the first segment', () => run.segments.length > 0);
    await run.handle.cancel();
    return ended(run);
  },

  /** A run anew after a failure: its driver begins later. */
  'delayed-start': async (worker) =>
    ended(await worker.start({ executionId }, moves({ kind: 'limit' }), { startDelay: '1 second' })),

  /** A signal begins it before its time, and is there before the first segment. */
  'woken-before-its-start': async (worker) => {
    const run = await worker.start({ executionId }, moves({ kind: 'wait', ms: 3_600_000 }), {
      startDelay: '2 seconds',
    });
    await run.handle.signal(LOOK_SIGNAL);
    return ended(run);
  },
};
