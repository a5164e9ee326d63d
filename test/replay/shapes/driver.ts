import { ApplicationFailure } from '@temporalio/common';
import { action, DONE, ended, executionId, moves, type Shape, scheduledFlowConfigId } from './shape';

/** How a driver goes by what its segments answer. */
export const DRIVER_SHAPES: Record<string, Shape> = {
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
