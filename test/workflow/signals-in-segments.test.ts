/**
 * A local activity's result and a signal have no order of their own in a history: replay must put them where they
 * were. `TENON_SIGNALLED_RUNS` tries more runs, `TENON_SIGNALLED_SEED` the same ones again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { LOOK_SIGNAL, type NextMove } from '../../src/temporal/contract';
import { seededRandom } from '../support/chaos/seeded-random';
import { type DriverWorker, type HistoryEvent, type Run, startDriverWorker } from './driver-worker';

const RUNS = Number(process.env['TENON_SIGNALLED_RUNS'] ?? 24);
const SEED = Number(process.env['TENON_SIGNALLED_SEED'] ?? Date.now() % 1_000_000);
/** Workflow tasks with a local activity are renewed after 8 s: half of the segments outlast that. */
const MOST_MS = 12_000;
const MOVES: NextMove[] = [
  { kind: 'wait', ms: 500 },
  { kind: 'held' },
  { kind: 'limit' },
  { kind: 'done', isFailed: false },
];

describe('a signal in the middle of a first segment', () => {
  const random = seededRandom(SEED);
  let worker: DriverWorker;
  let workflowBundle: WorkflowBundleWithSourceMap;

  beforeAll(async () => {
    process.stderr.write(`signals in segments: seed ${SEED}, ${RUNS} runs\n`);
    worker = await startDriverWorker();
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: require.resolve('../../src/workflows'),
      logger: new DefaultLogger('ERROR'),
    });
  });
  afterAll(() => worker.stop());

  /** A run whose first segment takes a while, with signals within that while and a last one behind it. */
  const signalled = async (at: number): Promise<Run> => {
    const segmentMs = Math.floor(random() * MOST_MS);
    const signalsMs = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      Math.floor(random() * segmentMs),
    );
    const next = MOVES[at % MOVES.length]!;
    const run = await worker.start({ executionId: `e${at}` }, async ({ input }) => {
      if (input.index === 0) await sleep(segmentMs);
      return input.index === 0 ? next : { kind: 'done', isFailed: false };
    });
    const signals = signalsMs.map(async (ms) => {
      await sleep(ms);
      await run.handle.signal(LOOK_SIGNAL);
    });
    await Promise.all(signals);
    await sleep(segmentMs + 1000 - Math.max(...signalsMs));
    // One that is held goes on.
    await run.handle.signal(LOOK_SIGNAL).catch(() => undefined);
    await run.result();
    return run;
  };

  it('is replayed where it came, whatever the segment left', async () => {
    const runs = await Promise.all(Array.from({ length: RUNS }, (_, at) => signalled(at)));
    const histories = await Promise.all(
      runs.map(async (run, at) => ({ workflowId: `run ${at}`, history: { events: await run.events() } })),
    );
    expect(histories.some(({ history }) => cameInARenewedTask(history.events))).toBe(true);
    const faults: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      if (error) faults.push(`${workflowId}: ${error.message}`);
    }
    expect(faults).toEqual([]);
  }, 120_000);
});

/** Whether a signal came behind the first workflow task and before the result of the segment. */
function cameInARenewedTask(events: HistoryEvent[]): boolean {
  const types = events.map(({ eventType }) => eventType);
  const signal = types.lastIndexOf(
    'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED',
    types.indexOf('EVENT_TYPE_MARKER_RECORDED'),
  );
  return signal > types.indexOf('EVENT_TYPE_WORKFLOW_TASK_COMPLETED');
}
