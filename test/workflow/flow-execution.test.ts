import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { NextMove } from '../../src/temporal/contract';
import { until } from '../support/until';
import { type DriverWorker, type Run, type Script, startDriverWorker } from './driver-worker';

const DONE: NextMove = { kind: 'done', isFailed: false };
const SECRET = 'mongodb://root:hunter2@db';

/** Answers one move after the other, by the segment's index. */
const moves =
  (...list: NextMove[]): Script =>
  ({ input }) =>
    list[input.index] ?? DONE;

let worker: DriverWorker;
beforeAll(async () => {
  worker = await startDriverWorker();
});
afterAll(() => worker.stop());

async function failureOf(run: Run): Promise<ApplicationFailure> {
  const error = await run.result().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
  throw new Error(`Expected a failed workflow, got ${String(error)}.`);
}

describe('a driver', () => {
  it('completes when its flow has ended well, after one segment without a limit', async () => {
    const run = await worker.start({ executionId: 'e1' }, moves(DONE));
    await run.result();
    expect(run.segments).toEqual([
      { activityType: 'runSegment', input: { executionId: 'e1', index: 0, maxActions: null }, attempt: 1 },
    ]);
    expect(run.failures).toEqual([]);
  });

  it('fails with the error’s code as its type when the flow failed, and tells no message', async () => {
    const error = { code: 'component_error', message: SECRET, step: 'Get order' };
    const run = await worker.start({ executionId: 'e2' }, moves({ kind: 'done', isFailed: true, error }));
    const failure = await failureOf(run);
    expect(failure.type).toBe('component_error');
    expect(failure.message).toBe("Step 'Get order' failed (component_error).");
    expect(failure.nonRetryable).toBe(true);
    const [ended] = (await run.events()).slice(-1);
    expect(ended?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_FAILED');
    expect(JSON.stringify(ended)).not.toContain('hunter2');
    expect(run.failures).toEqual([]);
  });

  it('hands out the next segment behind a limit', async () => {
    const run = await worker.start({ executionId: 'e3' }, moves({ kind: 'limit' }, { kind: 'limit' }));
    await run.result();
    expect(run.segments.map(({ input }) => input)).toEqual([
      { executionId: 'e3', index: 0, maxActions: null },
      { executionId: 'e3', index: 1, maxActions: null },
      { executionId: 'e3', index: 2, maxActions: null },
    ]);
  });

  it('lets go of a run that waits in its flow’s queue: completed, with nothing recorded', async () => {
    const run = await worker.start({ executionId: 'e3q' }, moves({ kind: 'limit' }, { kind: 'queued' }));
    await expect(run.result()).resolves.toBeUndefined();
    expect(run.segments).toHaveLength(2);
    expect(run.failures).toEqual([]);
  });

  it('waits by a durable timer, then goes on with the next segment', async () => {
    const run = await worker.start({ executionId: 'e4' }, moves({ kind: 'wait', ms: 1200 }));
    const begun = Date.now();
    await run.result();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1100);
    expect(run.segments.map(({ input }) => input.index)).toEqual([0, 1]);
    const timers = (await run.events()).filter(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED');
    expect(timers.map((event) => event['timerStartedEventAttributes'])).toEqual([
      expect.objectContaining({ startToFireTimeout: '1.200s' }),
    ]);
  });

  it('shows the steps of all segments in its details', async () => {
    const steps = [{ name: 'Get | order', state: 'ok' as const, ms: 12 }];
    const run = await worker.start({ executionId: 'e5' }, ({ input }) => ({
      executionId: 'e5',
      next: input.index < 2 ? { kind: 'limit' } : DONE,
      steps: input.index === 1 ? [{ name: 'Post', state: 'failed', ms: 3 }] : input.index === 0 ? steps : [],
    }));
    await run.result();
    const metadata = await run.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails.split('\n')).toEqual([
      '| Step | State | Time |',
      '| --- | --- | --- |',
      '| Get / order | ok | 12 ms |',
      '| Post | failed | 3 ms |',
    ]);
  });
});

describe('a driver’s details', () => {
  const POST = '| Post | retrying: timeout, attempt 1 of 4 failed | next at 2026-11-23T17:40:13.000Z |';
  const detailsOf = async (run: Run): Promise<string[]> => {
    const { currentDetails } = await run.handle.query<{ currentDetails: string }>(
      '__temporal_workflow_metadata',
    );
    return currentDetails.split('\n');
  };
  const shows = (run: Run, row: string) =>
    until(row, async () => {
      const details = await detailsOf(run);
      return details.includes(row) ? details : undefined;
    });

  it('have a row for the step that it waits for, which is gone when the step has finished', async () => {
    const step = {
      name: 'Post',
      untilMs: Date.UTC(2026, 10, 23, 17, 40, 13),
      retry: { failures: 1, tries: 4, code: 'timeout' },
    };
    const run = await worker.start({ executionId: 'e5w' }, ({ input }) => ({
      executionId: 'e5w',
      next: input.index === 0 ? { kind: 'wait', ms: 60_000, step } : DONE,
      steps: input.index === 0 ? [] : [{ name: 'Post', state: 'ok', ms: 3 }],
    }));
    expect((await shows(run, POST)).slice(2)).toEqual([POST]);
    await run.handle.signal('look');
    await run.result();
    expect((await detailsOf(run)).slice(2)).toEqual(['| Post | ok | 3 ms |']);
  });

  it('say that it is held, no longer than it is', async () => {
    const held = 'The execution is held: it goes on when it is resumed or cancelled.';
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = await worker.start({ executionId: 'e5h' }, async ({ input }) => {
      if (input.index === 0) return { kind: 'held' };
      await released;
      return DONE;
    });
    try {
      await shows(run, held);
      await run.handle.signal('look');
      await until('the next segment', () => run.segments.length === 2);
      expect(await detailsOf(run)).not.toContain(held);
    } finally {
      release();
    }
    await run.result();
  });
});

describe('with one action an activity', () => {
  const typesOf = (run: Run) => run.segments.map(({ activityType }) => activityType);

  it('looks for the first action, then runs each in an activity of its type', async () => {
    const run = await worker.start(
      { executionId: 'e6', stepsPerActivity: 1 },
      moves(
        { kind: 'action', activityType: 'webhook-triggers.webhook' },
        { kind: 'action', activityType: 'http.httpPost' },
        { kind: 'action', activityType: 'http.httpPost' },
      ),
    );
    await run.result();
    expect(
      run.segments.map(({ activityType, input }) => [activityType, input.index, input.maxActions]),
    ).toEqual([
      ['runSegment', 0, 0],
      ['webhook-triggers.webhook', 1, 1],
      ['http.httpPost', 2, 1],
      ['http.httpPost', 3, 1],
    ]);
    const scheduled = (await run.events()).flatMap((event) => {
      const attributes = event['activityTaskScheduledEventAttributes'] as
        | { activityType: { name: string } }
        | undefined;
      return attributes ? [attributes.activityType.name] : [];
    });
    // The first look is part of the workflow's own task.
    expect(scheduled).toEqual(typesOf(run).slice(1));
  });

  it.each([
    ['a wait', { kind: 'wait', ms: 1 }],
    ['a hand-over', { kind: 'limit' }],
  ] satisfies [string, NextMove][])('runs no action under another’s type after %s', async (_what, move) => {
    const run = await worker.start(
      { executionId: 'e7', stepsPerActivity: 1 },
      moves({ kind: 'action', activityType: 'sleep.sleep' }, move, {
        kind: 'action',
        activityType: 'log.writeLog',
      }),
    );
    await run.result();
    expect(run.segments.map(({ activityType, input }) => [activityType, input.maxActions])).toEqual([
      ['runSegment', 0],
      ['sleep.sleep', 1],
      ['runSegment', 0],
      ['log.writeLog', 1],
    ]);
  });

  it('lets several share one where the instance says so', async () => {
    const run = await worker.start(
      { executionId: 'e8', stepsPerActivity: 3 },
      moves({ kind: 'action', activityType: 'http.httpGet' }, { kind: 'limit' }),
    );
    await run.result();
    expect(run.segments.map(({ activityType, input }) => [activityType, input.maxActions])).toEqual([
      ['runSegment', 3],
      ['runSegment', 3],
      ['runSegment', 3],
    ]);
  });
});

describe('a segment that cannot be run', () => {
  it('is tried again under the same index while the fault may pass', async () => {
    const run = await worker.start({ executionId: 'e9' }, ({ attempt }) => {
      if (attempt < 3) throw ApplicationFailure.create({ message: 'away', type: 'dependency_unavailable' });
      return DONE;
    });
    await run.result();
    expect(run.segments.map(({ input, attempt }) => [input.index, attempt])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    expect(run.failures).toEqual([]);
  });

  it('ends the execution when no try can help: recorded, and the workflow fails without the message', async () => {
    const run = await worker.start({ executionId: 'e10' }, () => {
      throw ApplicationFailure.create({ message: 'not_found', type: 'not_found', nonRetryable: true });
    });
    const failure = await failureOf(run);
    expect(failure.type).toBe('not_found');
    expect(failure.cause).toBeUndefined();
    expect(run.segments).toHaveLength(1);
    expect(run.failures).toEqual([
      {
        executionId: 'e10',
        workflowId: run.handle.workflowId,
        code: 'not_found',
        message: 'The segment could not be run (not_found).',
      },
    ]);
  });

  it('names the execution by its workflow when a schedule’s first segment was lost', async () => {
    const run = await worker.start({ scheduledFlowConfigId: 'f1' }, () => {
      throw ApplicationFailure.create({ message: 'x', type: 'invalid_state', nonRetryable: true });
    });
    expect((await failureOf(run)).type).toBe('invalid_state');
    expect(run.failures).toEqual([
      { workflowId: run.handle.workflowId, code: 'invalid_state', message: expect.any(String) },
    ]);
  });
});

describe('a scheduled run', () => {
  it('gives its first segment the tick’s own ids, and later ones the execution that it made', async () => {
    const run = await worker.start({ scheduledFlowConfigId: 'f2' }, moves({ kind: 'limit' }));
    await run.result();
    const { workflowId, firstExecutionRunId: runId } = run.handle;
    expect(run.segments.map(({ input }) => input)).toEqual([
      { schedule: { flowConfigId: 'f2', workflowId, runId }, index: 0, maxActions: null },
      { executionId: 'made', index: 1, maxActions: null },
    ]);
  });

  it('ends quietly when its flow may not run any more', async () => {
    const run = await worker.start({ scheduledFlowConfigId: 'f3' }, () => ({
      executionId: '',
      next: DONE,
      steps: [],
    }));
    await expect(run.result()).resolves.toBeUndefined();
  });
});

describe('a cancelled driver', () => {
  const cancelled = async (run: Run) => {
    const error = await run.result().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure;
  };

  it('records the end of the execution when it was waiting', async () => {
    const run = await worker.start({ executionId: 'e11' }, moves({ kind: 'wait', ms: 60_000 }));
    await until('the wait', async () =>
      (await run.events()).some(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED'),
    );
    await run.handle.cancel();
    expect(await cancelled(run)).toBe(true);
    expect(run.failures).toEqual([
      expect.objectContaining({ executionId: 'e11', code: 'cancelled', workflowId: run.handle.workflowId }),
    ]);
  });

  it('records the end of the execution when a segment was at work', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = await worker.start({ executionId: 'e12' }, async () => {
      await held;
      return DONE;
    });
    try {
      await until('the segment', () => run.segments.length > 0);
      await run.handle.cancel();
      expect(await cancelled(run)).toBe(true);
    } finally {
      release();
    }
    expect(run.failures).toEqual([expect.objectContaining({ executionId: 'e12', code: 'cancelled' })]);
  });
});

describe('a driver with a long history', () => {
  it('continues as new with the execution and the index it had come to', async () => {
    // Large results make the server suggest it soon; a real segment’s result is small.
    const steps = [{ name: 'x'.repeat(900_000), state: 'ok' as const, ms: 1 }];
    const firstRunId: string[] = [];
    const run = await worker.start({ scheduledFlowConfigId: 'f4', stepsPerActivity: 1 }, ({ input }) => {
      if (input.schedule) firstRunId.push(input.schedule.runId);
      const next: NextMove = input.index < 8 ? { kind: 'action', activityType: 'test.big' } : DONE;
      return { executionId: 'made', next, steps };
    });
    await run.result();
    const { runId } = await run.handle.describe();
    expect(firstRunId).toHaveLength(1);
    expect(runId).not.toBe(firstRunId[0]);
    expect(run.segments.map(({ input }) => input.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(run.segments.slice(1).every(({ input }) => input.executionId === 'made')).toBe(true);
    const [started] = await run.events();
    expect(started).toMatchObject({
      workflowExecutionStartedEventAttributes: { continuedExecutionRunId: firstRunId[0] },
    });
    // The new run looks for the next action first, as every first segment does.
    expect(run.segments.filter(({ activityType }) => activityType === 'runSegment').length).toBe(2);
  });
});
