import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { type BatchMember, LOOK_SIGNAL, type NextMove, QUEUE_SIGNAL } from '../../src/temporal/contract';
import { until } from '../support/until';
import type { DriverWorker, Run, Script } from '../workflow/driver-worker';

/** Drives one workflow through everything that its history shall show. Resolves when it has ended. */
export type Shape = (worker: DriverWorker) => Promise<Run>;

const DONE: NextMove = { kind: 'done', isFailed: false };
const executionId = '01980000-0000-7000-8000-000000000001';
const scheduledFlowConfigId = '01980000-0000-5000-8000-000000000002';

const moves =
  (...list: NextMove[]): Script =>
  ({ input }) => ({
    executionId,
    next: list[input.index] ?? DONE,
    steps: [{ name: `Step ${input.index}`, state: 'ok', ms: 7 }],
  });

const action = (activityType: string): NextMove => ({ kind: 'action', activityType });

async function ended(run: Run): Promise<Run> {
  await run.result().catch(() => undefined);
  return run;
}

const member = (state: BatchMember['state']): BatchMember => ({ executionId, flow: 'Orders', state, ms: 7 });

/** Every way that a driver or a batch can go; the file names of the recorded histories. */
export const SHAPES: Record<string, Shape> = {
  plain: async (worker) => ended(await worker.start({ executionId }, moves())),

  segments: async (worker) =>
    ended(await worker.start({ executionId }, moves({ kind: 'limit' }, { kind: 'limit' }))),

  wait: async (worker) =>
    ended(await worker.start({ executionId }, moves({ kind: 'wait', ms: 300 }, { kind: 'wait', ms: 1 }))),

  'one-action-an-activity': async (worker) =>
    ended(
      await worker.start(
        { executionId, stepsPerActivity: 1 },
        moves(
          action('webhook-triggers.webhook'),
          action('sleep.sleep'),
          { kind: 'wait', ms: 100 },
          action('http.httpPost'),
          { kind: 'limit' },
          action('log.writeLog'),
        ),
      ),
    ),

  'three-actions-an-activity': async (worker) =>
    ended(
      await worker.start(
        { executionId, stepsPerActivity: 3 },
        moves(action('http.httpGet'), action('log.writeLog')),
      ),
    ),

  failed: async (worker) =>
    ended(
      await worker.start(
        { executionId },
        moves({
          kind: 'done',
          isFailed: true,
          error: { code: 'component_error', message: 'x', step: 'Get order' },
        }),
      ),
    ),

  /** It lets go of the run, which its flow's queue begins anew. */
  queued: async (worker) => ended(await worker.start({ executionId }, moves({ kind: 'queued' }))),

  'batch-queued': async (worker) =>
    ended(
      await worker.startBatch([executionId, executionId], () => ({
        members: [member('ok'), member('queued')],
      })),
    ),

  scheduled: async (worker) => ended(await worker.start({ scheduledFlowConfigId }, moves({ kind: 'limit' }))),

  'retried-segment': async (worker) =>
    ended(
      await worker.start({ executionId }, (call) => {
        if (call.attempt === 1)
          throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
        return moves()(call);
      }),
    ),

  'segment-cannot-run': async (worker) =>
    ended(
      await worker.start({ scheduledFlowConfigId }, () => {
        throw ApplicationFailure.create({ message: 'not_found', type: 'not_found', nonRetryable: true });
      }),
    ),

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

  batch: async (worker) =>
    ended(
      await worker.startBatch([executionId, executionId], () => ({
        members: [member('ok'), member('goes on')],
      })),
    ),

  'batch-with-failure': async (worker) =>
    ended(
      await worker.startBatch([executionId, executionId], () => ({
        members: [member('ok'), member('failed')],
      })),
    ),

  'batch-retried': async (worker) => {
    let tries = 0;
    return ended(
      await worker.startBatch([executionId], () => {
        tries += 1;
        if (tries === 1) throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
        return { members: [member('ok')] };
      }),
    );
  },

  'batch-split': async (worker) =>
    ended(
      await worker.startBatch([executionId], ({ type }) => {
        if (type === 'runBatch') throw ApplicationFailure.nonRetryable('broken', 'TypeError');
        return { members: [member('goes on')] };
      }),
    ),

  'batch-cancelled': async (worker) => {
    const run = await worker.startBatch([executionId], async ({ type }) => {
      if (type === 'runBatch') await sleep(1500);
      return { members: [member('ok')] };
    });
    await until('the segment', () => run.batches.length > 0);
    await run.handle.cancel();
    return ended(run);
  },

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

  /** The run that continues as new; wants a server that suggests it early. */
  'continued-as-new': async (worker) => {
    const run = await worker.start({ scheduledFlowConfigId, stepsPerActivity: 1 }, ({ input }) => ({
      executionId,
      next: input.index < 14 ? action('http.httpGet') : DONE,
      steps: [],
    }));
    const { firstExecutionRunId } = run.handle;
    await ended(run);
    return { ...run, events: () => worker.eventsOf(run.handle.workflowId, firstExecutionRunId) };
  },
};
