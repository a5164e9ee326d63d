import { Client, Connection } from '@temporalio/client';
import { decodeOutput } from '../../src/store/output-codec';
import {
  complex,
  definition,
  reference,
  step,
  stringVar,
  template,
  value,
} from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const ITEMS = 150;
/** The page that a paging loop leaves at. */
const LAST_PAGE = 60;

const get = (name: string, path: string) =>
  step(name, 'http.httpGet', {
    url: template(`{{#Target}}/${path}`),
    headers: complex([]),
    timeout: value(''),
  });

const equals = (path: string, text: string) => ({
  name: 'Out',
  type: 'complex',
  value: ['equal', reference(path), value(text)],
});

/** Loops within loops, with calls that the third party counts, a branch, a break, and a list that is read. */
const DEFINITION = definition(
  'Long runs',
  [
    {
      name: 'Items',
      steps: [
        step(
          'Each',
          'loop.loopOverItems',
          { items: reference('trigger.results.body.data.items') },
          {
            steps: [
              step(
                'Twice',
                'loop.loopNTimes',
                { iterationCount: value('2') },
                { steps: [get('Inner call', 'inner/{{$each.index}}/{{$twice.index}}')] },
              ),
              step(
                'Choose',
                'branch.branchOnExpression',
                { conditions: complex([equals('each.currentItem', '7')]) },
                {
                  branches: [
                    { name: 'Out', steps: [get('Seventh', 'seventh')] },
                    { name: 'Else', steps: [] },
                  ],
                },
              ),
              get('Outer call', 'outer/{{$each.currentItem}}'),
            ],
          },
        ),
        step('Sum up', 'code.runCode', {
          code: value(`module.exports = async (context, { each, outerCall, seventh }) =>
            ({ data: { count: each.results.length, last: typeof outerCall.results, seventh: seventh === undefined } });`),
        }),
      ],
    },
    {
      name: 'Pages',
      steps: [
        step(
          'Page',
          'loop.loopNTimes',
          { iterationCount: value('1000') },
          {
            steps: [
              get('Fetch', 'page/{{$page.index}}'),
              step(
                'Rows',
                'loop.loopNTimes',
                { iterationCount: value('1') },
                { steps: [get('Row', 'row/{{$page.index}}')] },
              ),
              step(
                'Is last',
                'branch.branchOnExpression',
                { conditions: complex([equals('page.index', String(LAST_PAGE))]) },
                {
                  branches: [
                    { name: 'Out', steps: [step('Leave', 'loop.breakLoop')] },
                    { name: 'Else', steps: [] },
                  ],
                },
              ),
            ],
          },
        ),
        step('Told', 'code.runCode', {
          code: value('module.exports = async (context, r) => ({ data: r.page.results.length });'),
        }),
      ],
    },
  ],
  {
    requiredConfigVars: [stringVar('Target')],
    configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Target' }] }],
  },
);

describe('a long run whose worker is killed in the middle', () => {
  let system: System;
  let echo: EchoServer;
  let worker: WorkerProcess;
  const env = testEnvironment();

  beforeAll(async () => {
    echo = await startEchoServer();
    system = await startSystem({ worker: false, env });
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  /** Starts the flow, kills the worker once the third party has seen so many calls, and goes on with a new one. */
  const runWithCrash = async (flow: string, body: unknown, killAfterCalls: number) => {
    const { webhooks, instanceId } = await aDeployedInstance(system.deps, system.ctx, {
      definition: DEFINITION,
      configVariables: [{ key: 'Target', value: echo.url }],
    });
    const before = echo.calls.length;
    const response = await fetch(webhooks[flow]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    const calls = () => echo.calls.length - before;
    await until('the moment of the crash', () => calls() >= killAfterCalls, 120_000);
    await worker.kill();
    const { executions, stepResults } = system.deps.store;
    const finishedBefore = await stepResults.countDocuments({ instanceId });
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
    const execution = await until(
      'the end',
      async () => (await executions.findOne({ instanceId, phase: 'ended' }).lean()) ?? undefined,
      300_000,
    );
    return { execution, finishedBefore, calls: calls() };
  };
  const resultOf = async (executionId: string, stepKey: string) => {
    const record = await system.deps.store.stepResults.findOne({ executionId, stepKey }).lean();
    return record?.output ? decodeOutput(record.output).data : undefined;
  };

  test('goes on behind the last finished step: nested loops, the list of results, inner results of the last turn', async () => {
    const items = Array.from({ length: ITEMS }, (_, at) => at);
    const killAt = 50 + Math.floor(Math.random() * (ITEMS * 3 - 100));
    const { execution, finishedBefore, calls } = await runWithCrash('Items', { items }, killAt);
    expect({ killAt, status: execution.status, error: execution.error }).toMatchObject({ status: 'SUCCESS' });
    expect(finishedBefore).toBeGreaterThan(50);
    // Three calls an item and one for the seventh; at most the one in flight at the crash came twice.
    expect(calls - (ITEMS * 3 + 1)).toBeLessThanOrEqual(1);
    expect(new Set(echo.calls.map(({ path }) => path)).size).toBeGreaterThanOrEqual(ITEMS * 3 + 1);
    expect(await resultOf(execution._id, 'sumUp')).toEqual({ count: ITEMS, last: 'object', seventh: true });
    // Trigger; per item two inner calls, the inner loop, branch and outer call; the seventh; the loop; the sum.
    expect(execution.stepCount).toBe(1 + ITEMS * 5 + 1 + 1 + 1);
    const history = await historyOf(env, `execution:${execution._id}`);
    expect(history.events).toBeLessThan(60);
    expect(history.bytes).toBeLessThan(64 * 1024);
  }, 400_000);

  test('leaves a paging loop where it would have without the crash', async () => {
    const { execution } = await runWithCrash('Pages', {}, 20 + Math.floor(Math.random() * LAST_PAGE));
    expect(execution.status).toBe('SUCCESS');
    expect(await resultOf(execution._id, 'told')).toBe(LAST_PAGE + 1);
    expect(echo.count(`/page/${LAST_PAGE}`)).toBeGreaterThanOrEqual(1);
    expect(echo.count(`/page/${LAST_PAGE + 1}`)).toBe(0);
  }, 400_000);
});

async function historyOf(env: Record<string, string>, workflowId: string) {
  const connection = await Connection.connect({ address: env['TENON_TEMPORAL_ADDRESS']! });
  try {
    const described = await new Client({ connection }).workflow.getHandle(workflowId).describe();
    return { events: described.historyLength, bytes: described.historySize ?? 0 };
  } finally {
    await connection.close();
  }
}
