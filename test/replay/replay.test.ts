import {
  bundleWorkflowCode,
  DefaultLogger,
  type ReplayResult,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { BUNDLE } from '../../src/worker/workflow-source';
import { silentRuntime } from '../support/temporal-runtime';
import { type RecordedHistory, readHistories, withoutOrigin } from './histories';
import { SHAPES } from './shapes';

const recorded = readHistories();
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  silentRuntime(Runtime);
  workflowBundle = await bundleWorkflowCode({
    ...BUNDLE,
    logger: new DefaultLogger('ERROR'),
  });
});

/** Runs histories through today's workflow code; what each came to, by its name. */
async function replay(
  histories: { name: string; history: RecordedHistory }[],
): Promise<Map<string, ReplayResult>> {
  const results = new Map<string, ReplayResult>();
  const given = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const result of Worker.runReplayHistories({ workflowBundle }, given)) {
    results.set(result.workflowId, result);
  }
  return results;
}

function historyOf(name: string): RecordedHistory {
  const found = recorded.find((one) => one.name === name);
  if (!found) throw new Error(`No history ${name}.`);
  return structuredClone(found.history);
}

describe('today’s driver', () => {
  it('replays every recorded history', async () => {
    const results = await replay(recorded);
    const faults = [...results].flatMap(([name, { error }]) => (error ? [`${name}: ${error.message}`] : []));
    expect(faults).toEqual([]);
    expect([...results.keys()].sort()).toEqual(recorded.map(({ name }) => name).sort());
  });

  it('is caught when it would ask for another activity than history has', async () => {
    const history = historyOf('one-action-an-activity');
    const types = history.events.flatMap((event) => {
      const attributes = event['activityTaskScheduledEventAttributes'];
      return attributes ? [(attributes as { activityType: { name: string } }).activityType] : [];
    });
    types.find(({ name }) => name === 'http.httpPost')!.name = 'x.y';
    const result = (await replay([{ name: 'changed', history }])).get('changed');
    expect(result?.error?.name).toBe('DeterminismViolationError');
  });

  it('is caught when it would go on without a timer that history has', async () => {
    const history = historyOf('segments');
    const [first] = history.events.flatMap((event) => {
      const attributes = event['activityTaskCompletedEventAttributes'];
      return attributes
        ? [(attributes as { result: { payloads: { data: string }[] } }).result.payloads[0]!]
        : [];
    });
    const waits = { executionId: 'x', next: { kind: 'wait', ms: 5 }, steps: [] };
    first!.data = Buffer.from(JSON.stringify(waits)).toString('base64');
    const outcome = (await replay([{ name: 'changed', history }])).get('changed');
    expect(outcome?.error?.name).toBe('DeterminismViolationError');
  });
});

describe('the recorded histories', () => {
  it('are there for every shape that a driver can take', () => {
    expect(recorded.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(SHAPES)));
  });

  it('hold what their names promise', () => {
    const holds = (name: string, eventType: string) =>
      historyOf(name).events.some((event) => event.eventType === `EVENT_TYPE_${eventType}`);
    expect(holds('plain', 'WORKFLOW_EXECUTION_COMPLETED')).toBe(true);
    expect(holds('wait', 'TIMER_FIRED')).toBe(true);
    expect(holds('failed', 'WORKFLOW_EXECUTION_FAILED')).toBe(true);
    expect(holds('segment-cannot-run', 'MARKER_RECORDED')).toBe(true);
    expect(holds('held-and-resumed', 'WORKFLOW_EXECUTION_SIGNALED')).toBe(true);
    expect(holds('woken-in-a-wait', 'TIMER_CANCELED')).toBe(true);
    expect(holds('batch-with-failure', 'WORKFLOW_EXECUTION_FAILED')).toBe(true);
    expect(holds('batch-split', 'ACTIVITY_TASK_COMPLETED')).toBe(true);
    expect(holds('cancelled-in-a-wait', 'TIMER_CANCELED')).toBe(true);
    expect(holds('cancelled-in-a-segment', 'WORKFLOW_EXECUTION_CANCELED')).toBe(true);
    expect(holds('continued-as-new', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW')).toBe(true);
    expect(holds('data-source-call-failed', 'WORKFLOW_EXECUTION_FAILED')).toBe(true);
    expect(holds('instance-lifecycle-refused', 'WORKFLOW_EXECUTION_COMPLETED')).toBe(true);
    expect(holds('cancelled-in-a-long-first-segment', 'WORKFLOW_EXECUTION_CANCELED')).toBe(true);
  });

  it('tell of signals that came while the first segment went on, in a task behind the first', () => {
    for (const name of ['woken-in-a-long-first-segment', 'resumed-in-a-long-first-segment']) {
      const types = historyOf(name).events.map(({ eventType }) => eventType);
      const signal = types.indexOf('EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED');
      expect(types.indexOf('EVENT_TYPE_WORKFLOW_TASK_COMPLETED')).toBeLessThan(signal);
      expect(types.indexOf('EVENT_TYPE_MARKER_RECORDED')).toBeGreaterThan(signal);
    }
  });

  it('say nothing of the machine that recorded them', () => {
    for (const { name, history, text } of recorded) {
      expect({ name, events: withoutOrigin(history.events) }).toEqual({ name, events: history.events });
      expect(text).not.toMatch(/\d@|\/(home|root|work|tmp|Users|usr)\/|node_modules/);
    }
  });
});
