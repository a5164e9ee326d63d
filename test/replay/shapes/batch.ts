import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { BatchMember } from '../../../src/temporal/contract';
import { searchAttributesOf } from '../../../src/temporal/search-attributes-of';
import { until } from '../../support/until';
import { ended, executionId, type Shape } from './shape';

const member = (state: BatchMember['state']): BatchMember => ({
  executionId,
  ran: 'Acme · Orders',
  state,
  ms: 7,
});

/** How a batch goes. */
export const BATCH_SHAPES: Record<string, Shape> = {
  'batch-queued': async (worker) =>
    ended(
      await worker.startBatch([executionId, executionId], () => ({
        members: [member('ok'), member('queued')],
      })),
    ),

  'long-batch': async (worker) =>
    ended(
      await worker.startBatch([executionId], async () => {
        await sleep(9000);
        return { members: [member('ok')] };
      }),
    ),

  'cancelled-long-batch': async (worker) => {
    const run = await worker.startBatch([executionId], async ({ type }) => {
      if (type === 'runBatch') await sleep(10_000);
      return { members: [member('ok')] };
    });
    await until('the segment', () => run.batches.length > 0);
    await run.handle.cancel();
    return ended(run);
  },

  batch: async (worker) =>
    ended(
      await worker.startBatch([executionId, executionId], () => ({
        members: [member('ok'), member('goes on')],
      })),
    ),

  'batch-boarded': async (worker) => {
    const subject = { instanceId: 'i', customerId: 'c', integrationId: 'n', flowId: 'f', versionId: 'v' };
    const found = [executionId, '01980000-0000-7000-8000-000000000003'].map((id) => ({
      ...subject,
      executionId: id,
      invokeType: 'WEBHOOK' as const,
    }));
    return ended(
      await worker.startBatch([executionId], () => ({
        members: [member('ok'), member('ok')],
        searchAttributes: searchAttributesOf(found).getAll(),
      })),
    );
  },

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
};
