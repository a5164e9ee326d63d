import { ApplicationFailure } from '@temporalio/common';
import type { LifecycleInput } from '../../../src/temporal/contract';
import { ended, executionId, type Shape, scheduledFlowConfigId } from './shape';

const LIFECYCLE: LifecycleInput = {
  instanceId: executionId,
  configRevisionId: scheduledFlowConfigId,
  event: 'deploy',
  limitMs: 30_000,
};

/** Workflows that make a single call. */
export const CALL_SHAPES: Record<string, Shape> = {
  'data-source-call': async (worker) =>
    ended(await worker.startCall('dataSourceCall', { callId: executionId }, () => undefined)),

  'data-source-call-failed': async (worker) =>
    ended(
      await worker.startCall('dataSourceCall', { callId: executionId }, () => {
        throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
      }),
    ),

  'instance-lifecycle': async (worker) =>
    ended(await worker.startCall('instanceLifecycle', LIFECYCLE, () => ({ isDone: true }))),

  'instance-lifecycle-refused': async (worker) =>
    ended(
      await worker.startCall('instanceLifecycle', { ...LIFECYCLE, event: 'remove' }, (attempt) => {
        if (attempt === 1)
          throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
        return { isDone: false, message: 'The hook was refused.' };
      }),
    ),
};
