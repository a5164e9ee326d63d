import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { BatchMember } from '../../src/temporal/contract';
import { searchAttributesOf } from '../../src/temporal/search-attributes-of';
import { type DriverWorker, type Run, startDriverWorker } from './driver-worker';

const member = (executionId: string, state: BatchMember['state']): BatchMember => ({
  executionId,
  ran: 'Orders | in',
  state,
  ms: 12,
});

let worker: DriverWorker;
beforeAll(async () => {
  worker = await startDriverWorker();
});
afterAll(() => worker.stop());

const failureOf = (run: Run): Promise<unknown> =>
  run.result().then(
    () => undefined,
    (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
  );

describe('a batch', () => {
  it('runs all of its executions in one local activity and lists them in its details', async () => {
    const run = await worker.startBatch(['e1', 'e2'], () => ({
      members: [member('e1', 'ok'), member('e2', 'goes on')],
    }));
    await run.result();
    expect(run.batches).toEqual([{ type: 'runBatch', executionIds: ['e1', 'e2'] }]);
    const scheduled = (await run.events()).filter(
      ({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
    );
    expect(scheduled).toEqual([]);
    const metadata = await run.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    const lines = metadata.currentDetails.split('\n');
    expect(lines[0]).toBe('Orders / in');
    expect(lines.slice(4)).toEqual(['| e2 | goes on | 12 ms |  |', '| e1 | ok | 12 ms |  |']);
  });

  it('is found by those that went along with it, too', async () => {
    const subject = { instanceId: 'i', customerId: 'c', integrationId: 'n', flowId: 'f', versionId: 'v' };
    const found = ['e1', 'e2'].map((executionId) => ({
      ...subject,
      executionId,
      invokeType: 'WEBHOOK' as const,
    }));
    const run = await worker.startBatch(['e1'], () => ({
      members: [member('e1', 'ok'), member('e2', 'ok')],
      searchAttributes: searchAttributesOf(found).getAll(),
    }));
    await run.result();
    const { searchAttributes } = await run.handle.describe();
    expect(searchAttributes).toMatchObject({ TenonExecutionIds: ['e1', 'e2'], TenonCustomerIds: ['c'] });
  });

  it('fails when one of its executions failed, so that it is found by its status', async () => {
    const run = await worker.startBatch(['e1', 'e2', 'e3'], () => ({
      members: [member('e1', 'ok'), member('e2', 'failed'), member('e3', 'ok')],
    }));
    const failure = await failureOf(run);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'executions_failed', message: '1 of 3 executions failed.' });
  });

  it('completes when executions of it wait in the queues of their flows', async () => {
    const run = await worker.startBatch(['e1', 'e2'], () => ({
      members: [member('e1', 'ok'), member('e2', 'queued')],
    }));
    await expect(run.result()).resolves.toBeUndefined();
    expect(run.batches.map(({ type }) => type)).toEqual(['runBatch']);
  });

  it('runs its segment again while the fault may pass', async () => {
    let tries = 0;
    const run = await worker.startBatch(['e1'], () => {
      tries += 1;
      if (tries < 3) throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
      return { members: [member('e1', 'ok')] };
    });
    await run.result();
    expect(run.batches.map(({ type }) => type)).toEqual(['runBatch', 'runBatch', 'runBatch']);
  });

  it('gives its executions drivers of their own when its segment cannot be run', async () => {
    const run = await worker.startBatch(['e1'], ({ type }) => {
      if (type === 'runBatch') throw ApplicationFailure.nonRetryable('broken', 'TypeError');
      return { members: [member('e1', 'goes on')] };
    });
    await run.result();
    expect(run.batches.map(({ type }) => type)).toEqual(['runBatch', 'splitBatch']);
  });
});
