import { listStepResults } from '../../src/services/executions/read/list-step-results';
import { readLastResult } from '../../src/services/executions/read/read-last-result';
import { openJournal } from '../../src/services/journal/read-journal';
import { listLogs } from '../../src/services/logs/list-logs';
import { storePlan } from '../../src/services/plans/load-plan';
import { planText } from '../../src/services/plans/plan-text';
import type { Instance } from '../../src/store/models/instance.model';
import { encodeOutput } from '../../src/store/output-codec';
import { definition, step } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';
import { action, flowOf, loopTimes } from '../unit/engine/plan-builder';

const ITERATIONS = 5000;
/** The trigger, `first`, two steps and a loop's record an iteration, the loop, `last`. */
const STEPS = 2 + ITERATIONS * 4 + 2;
/** What one read may look at, whatever the run has done: the largest page and the record that tells of the next. */
const MOST_EXAMINED = 101;

const PLAN_FLOW = flowOf([
  action('first'),
  loopTimes('outer', ITERATIONS, [action('body'), loopTimes('inner', 1, [action('deep')]), action('end')]),
  action('last'),
]);

interface Profiled {
  op: string;
  ns: string;
  docsExamined?: number;
  keysExamined?: number;
  hasSortStage?: boolean;
}

describe('a run of very many steps', () => {
  let services: Services;
  let instance: Instance;
  let executionId: string;

  beforeAll(async () => {
    services = await startServices();
    const { deps, ctx } = services;
    const { instanceId } = await aDeployedInstance(deps, ctx, {
      definition: definition('Long', [{ name: 'Flow', steps: [step('Log', 'loop.breakLoop')] }]),
    });
    instance = (await deps.store.instances.findById(instanceId).lean())!;
    const text = planText({ flows: [PLAN_FLOW] } as never);
    await storePlan(deps, text);
    const change = { planId: text.id, flowStableKey: PLAN_FLOW.stableKey, stepCount: STEPS };
    ({ executionId } = await aStoredExecution(deps, instance, { steps: 0, lines: 0, change }));
    await storeRun();
    await deps.store.connection.db!.command({ profile: 2 });
  }, 120_000);
  afterAll(() => services?.stop());

  const storeRun = async () => {
    const paths = ['0', '1'];
    for (let at = 0; at < ITERATIONS; at += 1)
      paths.push(`2.loop.0@${at}`, `2.loop.1.loop.0@${at}.0`, `2.loop.1@${at}`, `2.loop.2@${at}`);
    paths.push('2', '3');
    const { stepResults, logs } = services.deps.store;
    const at = Date.now();
    const whose = { instanceId: instance._id, organizationId: instance.organizationId };
    const records = paths.map((path, ordinal) => ({
      _id: `${executionId}/${path}`,
      executionId,
      ...whose,
      ordinal,
      path,
      stepKey: `of ${path.split('@')[0]}`,
      stepName: path,
      output: encodeOutput({ data: path }),
      outputBlobId: null,
      outputBytes: 10,
      statesOrdinal: ordinal >= 5 ? 5 : null,
      ...(ordinal === 5 && { states: encodeOutput({ data: 1 }) }),
      attempt: 1,
      epoch: 1,
      startedAt: new Date(at + ordinal),
      endedAt: new Date(at + ordinal),
    }));
    await stepResults.collection.insertMany(records as never[]);
    const lines = paths.map((_, ordinal) => ({
      _id: `${executionId}/${String(ordinal).padStart(12, '0')}`,
      executionId,
      ...whose,
      customerId: instance.customerId,
      ordinal,
      timestamp: new Date(at),
      severity: 'INFO',
      message: `Line ${ordinal}`,
    }));
    await logs.collection.insertMany(lines as never[]);
  };

  /** What MongoDB says that the reads of journal and logs cost which this work did. */
  const readsOf = async (work: () => Promise<unknown>): Promise<Profiled[]> => {
    const db = services.deps.store.connection.db!;
    const sinceMs = Date.now();
    await work();
    const found = await db
      .collection('system.profile')
      .find({ ts: { $gte: new Date(sinceMs - 1) }, ns: /\.(step_results|logs)$/ })
      .toArray();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return found as unknown as Profiled[];
  };
  const expectFew = async (work: () => Promise<unknown>) => {
    const reads = await readsOf(work);
    expect(reads.length).toBeGreaterThan(0);
    const costly = reads.filter(
      ({ docsExamined = 0, keysExamined = 0, hasSortStage }) =>
        Math.max(docsExamined, keysExamined) > MOST_EXAMINED || hasSortStage,
    );
    expect(costly).toEqual([]);
  };

  test.each([
    ['the first page', { first: 100 }],
    ['the first page from the end', { first: 100, descending: true }],
    ['the last ones', { last: 100 }],
  ])('shows %s of its steps without looking at the others', async (_, wanted) => {
    const { deps, ctx } = services;
    await expectFew(async () => {
      const page = await listStepResults(deps, ctx, { executionId, ...wanted });
      expect(page.nodes).toHaveLength(100);
      expect(await page.totalCount?.()).toBe(STEPS);
    });
  });

  test('shows a page in its middle, of steps and of log lines, without looking at the others', async () => {
    const { deps, ctx } = services;
    const near = { first: 100, executionId };
    await expectFew(async () => {
      const steps = await listStepResults(deps, ctx, near);
      const next = await listStepResults(deps, ctx, { ...near, after: steps.endCursor });
      expect(next.nodes.map(({ ordinal }) => ordinal)).toEqual(
        Array.from({ length: 100 }, (_, at) => 100 + at),
      );
      const lines = await listLogs(deps, ctx, near);
      const more = await listLogs(deps, ctx, { ...near, after: lines.endCursor });
      expect(more.nodes[0]?.ordinal).toBe(100);
    });
  });

  test('goes on behind its last step by a handful of reads', async () => {
    const { store } = services.deps;
    await expectFew(async () => {
      const journal = await openJournal(store, executionId);
      expect(journal).toMatchObject({ count: STEPS, statesOrdinal: 5 });
      expect(await journal.last?.value()).toEqual({ data: '3' });
      expect(await journal.before('2')).toBe(`2.loop.2@${ITERATIONS - 1}`);
      expect(await journal.recorded(['0', `2.loop.0@${ITERATIONS - 1}`])).toHaveLength(2);
    });
  });

  test('tells the last result of any step by a handful of reads', async () => {
    const last = ITERATIONS - 1;
    const wanted = {
      trigger: '0',
      first: '1',
      outer: '2',
      body: `2.loop.0@${last}`,
      inner: `2.loop.1@${last}`,
      deep: `2.loop.1.loop.0@${last}.0`,
      last: '3',
      unknown: undefined,
    };
    await expectFew(async () => {
      const found = Object.keys(wanted).map(async (key) => [
        key,
        await readLastResult(services.deps, executionId, key),
      ]);
      expect(Object.fromEntries(await Promise.all(found))).toEqual(wanted);
    });
  });
});
