import { setTimeout as sleep } from 'node:timers/promises';
import { LOOK_SIGNAL } from '../../src/temporal/contract';
import { until } from '../support/until';
import { type DriverWorker, type Run, startDriverWorker } from './driver-worker';

let worker: DriverWorker;
beforeAll(async () => {
  worker = await startDriverWorker();
});
afterAll(() => worker.stop());

/** Its first segments find that a batch's worker is still in the middle of a call. */
const walkedFor = (segments: number) =>
  worker.start({ executionId: 'e1' }, () =>
    run.count++ < segments ? { kind: 'walked' } : { kind: 'done', isFailed: false },
  );
const run = { count: 0 };

const waits = async (of: Run): Promise<boolean> =>
  (await of.events()).some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED');

describe('the driver of an execution whose call outlived its batch', () => {
  it('waits until it is told, and then asks for the same segment again', async () => {
    run.count = 0;
    const driver = await walkedFor(1);
    await until('the wait', () => waits(driver));
    await sleep(300);
    expect(driver.segments).toHaveLength(1);
    await driver.handle.signal(LOOK_SIGNAL);
    await driver.result();
    expect(driver.segments.map(({ input }) => input.index)).toEqual([0, 0]);
    expect(driver.failures).toEqual([]);
    const types = (await driver.events()).map(({ eventType }) => eventType);
    // It runs all the while: no other status is shown.
    expect(types).not.toContain('EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES');
  });

  it('ends its execution when it is cancelled meanwhile', async () => {
    run.count = 0;
    const driver = await walkedFor(1);
    await until('the wait', () => waits(driver));
    await driver.handle.cancel();
    await expect(driver.result()).rejects.toThrow();
    expect(driver.failures).toMatchObject([{ executionId: 'e1', code: 'cancelled' }]);
  });
});
