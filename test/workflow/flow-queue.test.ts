import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { QUEUE_SIGNAL } from '../../src/temporal/contract';
import { until } from '../support/until';
import { type DriverWorker, startDriverWorker } from './driver-worker';

describe('the workflow of a queue', () => {
  let worker: DriverWorker;
  beforeAll(async () => {
    worker = await startDriverWorker();
  });
  afterAll(() => worker.stop());

  test('has a lane for each run that may be admitted, and looks again when one has ended', async () => {
    let open = 0;
    let most = 0;
    const run = await worker.startQueue(async ({ type, index }) => {
      if (type === 'lookAtQueue') return [2, 1][index] ?? 0;
      open += 1;
      most = Math.max(most, open);
      await sleep(300);
      open -= 1;
      return 1;
    });
    const counted = (type: string) => run.queueCalls.filter((call) => call.type === type).length;
    await until('all lanes', () => counted('runQueueLane') >= 5 && open === 0);
    await until('the last look', () => counted('lookAtQueue') >= 3);
    expect(most).toBeGreaterThanOrEqual(3);
    await run.handle.terminate();
  });

  test('a wake while a lane works starts another one', async () => {
    let isReleased = false;
    const run = await worker.startQueue(async ({ type, index }) => {
      if (type === 'lookAtQueue') return index === 1 ? 1 : 0;
      await until('the release', () => isReleased || index > 0);
      return 0;
    });
    const lanes = () => run.queueCalls.filter(({ type }) => type === 'runQueueLane').length;
    await until('the first lane', () => lanes() === 1);
    await run.handle.signal(QUEUE_SIGNAL);
    await until('another lane beside it', () => lanes() === 2);
    isReleased = true;
    await run.handle.terminate();
  });

  test('a fault of its own is tried again after a while, and ends nothing', async () => {
    const run = await worker.startQueue(({ type, index }) => {
      if (type === 'lookAtQueue' && index === 0) throw ApplicationFailure.nonRetryable('broken', 'TypeError');
      if (type === 'runQueueLane' && index === 0)
        throw ApplicationFailure.nonRetryable('broken', 'TypeError');
      return 0;
    });
    await until('another lane', () =>
      run.queueCalls.some(({ type, index }) => type === 'runQueueLane' && index > 0),
    );
    expect((await run.handle.describe()).status.name).toBe('RUNNING');
    await run.handle.terminate();
  });
});
