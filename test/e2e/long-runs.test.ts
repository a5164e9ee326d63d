/**
 * Long runs, each with a worker that is killed in its middle: what they leave, what their worker holds, and what
 * Temporal keeps of them. `TENON_LONG_RUNS=1` makes them truly long (half an hour), one after the other.
 */
import { Client, Connection } from '@temporalio/client';
import { readStepOutput } from '../../src/services/executions/read/read-step-output';
import type { Execution } from '../../src/store/models/execution.model';
import { definition, stringVar } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { type GatedServer, startGatedServer } from '../support/long-runs/gated-server';
import { type MeasuredWorker, startMeasuredWorker } from '../support/long-runs/measured-worker';
import { type Scenario, type Sizes, scenarios } from '../support/long-runs/scenarios';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const IS_LONG = process.env['TENON_LONG_RUNS'] === '1';
const SIZES: Sizes = IS_LONG
  ? { items: 100_000, turns: 50, distinctSteps: 2500, distinctTurns: 20, pages: 1000 }
  : { items: 800, turns: 2, distinctSteps: 300, distinctTurns: 2, pages: 40 };
const LIMIT_MS = IS_LONG ? 3_600_000 : 240_000;
/** What a worker may hold more at the middle, or the end, of a run than before it. */
const MOST_HEAP_GROWTH_MB = 64;
const MOST_RSS_GROWTH_MB = 300;
/** Temporal ends a workflow at 51,200 events or 50 MiB. */
const MOST_EVENTS = 600;
const MOST_HISTORY_BYTES = 1024 * 1024;

const ALL = scenarios(SIZES);
/** Truly long ones have the worker for themselves. */
const GROUPS = IS_LONG ? ALL.map((one) => [one]) : [ALL];

const say = (text: string) => process.stderr.write(`long runs: ${text}\n`);

describe('a long run whose worker is killed in its middle', () => {
  const env = testEnvironment();
  let system: System;
  let server: GatedServer;
  let worker: MeasuredWorker;
  let webhooks: Record<string, string>;

  const aWorker = () => startMeasuredWorker({ ...env, TENON_PORT: String(system.env.TENON_PORT) });

  beforeAll(async () => {
    server = await startGatedServer(SIZES.pages);
    system = await startSystem({ worker: false, env });
    const flows = ALL.map(({ flow, steps }) => ({ name: flow, steps }));
    ({ webhooks } = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition('Long runs', flows, {
        requiredConfigVars: [stringVar('Target')],
        configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Target' }] }],
      }),
      configVariables: [{ key: 'Target', value: server.url }],
    }));
    worker = await aWorker();
  }, 120_000);

  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await server?.close();
  });

  const begin = async ({ flow, body }: Scenario) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(webhooks[flow]!, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status).toBe(200);
  };
  const executionOf = (flowName: string) =>
    system.deps.store.executions.findOne({ flowName }, { request: 0 }).lean<Execution>();
  const countOf = (executionId: string) => system.deps.store.stepResults.countDocuments({ executionId });

  /** MiB that the worker holds more at the end of the work. */
  const growthDuring = async (what: string, work: () => Promise<void>) => {
    const before = await worker.memory();
    await work();
    const after = await worker.memory();
    say(`${what}: heap ${before.heapMb} -> ${after.heapMb} MB, rss ${before.rssMb} -> ${after.rssMb} MB`);
    expect(after.heapMb - before.heapMb).toBeLessThan(MOST_HEAP_GROWTH_MB);
    expect(after.rssMb - before.rssMb).toBeLessThan(MOST_RSS_GROWTH_MB);
  };

  const expectWhole = async ({ name, flow, records, proof }: Scenario, killed: Crash) => {
    const { deps } = system;
    const execution = (await executionOf(flow))!;
    const { status, error, stepCount, _id: executionId } = execution;
    expect({ name, status, error, stepCount }).toEqual({
      name,
      status: 'SUCCESS',
      error: null,
      stepCount: records,
    });
    await expectWithoutGap(deps, executionId, records);
    // What had finished before the crash was not run again.
    const kept = await deps.store.stepResults.countDocuments({ executionId, endedAt: { $lte: killed.at } });
    expect(kept).toBeGreaterThanOrEqual(killed.finished.get(flow)!);
    expect(server.count(`/${flow}/gate`)).toBe(2);
    const last = await deps.store.stepResults
      .findOne({ executionId, stepKey: proof.stepKey })
      .sort({ ordinal: -1 })
      .lean();
    expect({ name, data: (await readStepOutput(deps, last!)).data }).toEqual({ name, data: proof.data });
    const history = await historyOf(env, `execution:${executionId}`);
    const seconds = (execution.endedAt!.getTime() - execution.startedAt!.getTime()) / 1000;
    say(`${name}: ${records} records in ${seconds} s, ${history.events} events of ${history.bytes} bytes`);
    expect(history.events).toBeLessThan(MOST_EVENTS);
    expect(history.bytes).toBeLessThan(MOST_HISTORY_BYTES);
  };

  test.each(GROUPS.map((group) => [group.map(({ name }) => name).join('; '), group] as const))(
    'ends with everything done once, in flat memory and with a short history: %s',
    async (_, group) => {
      await growthDuring('until the middle', async () => {
        await Promise.all(group.map(begin));
        await until('the middle', () => group.every(({ flow }) => server.isHeld(`/${flow}/gate`)), LIMIT_MS);
      });
      const finished = new Map<string, number>();
      for (const { flow } of group) finished.set(flow, await countOf((await executionOf(flow))!._id));
      const killed = { at: new Date(), finished };
      await worker.kill();
      worker = await aWorker();
      await growthDuring('until the end', () =>
        until(
          'the end',
          async () => {
            const open = group.map(async ({ flow }) => (await executionOf(flow))?.phase !== 'ended');
            return !(await Promise.all(open)).includes(true);
          },
          LIMIT_MS,
        ).then(() => undefined),
      );
      for (const scenario of group) await expectWhole(scenario, killed);
    },
    LIMIT_MS * 2,
  );

  test('called each page and each row once, and no page behind the last', () => {
    const { pages } = SIZES;
    expect(server.pathsBelow('/page/')).toBe(pages);
    expect(server.pathsBelow('/row/')).toBe(pages * 2);
    const numbers = Array.from({ length: pages }, (_, at) => at);
    const again = numbers.filter(
      (at) => server.count(`/page/${at}`) !== 1 || server.count(`/row/page/${at}/b`) !== 1,
    );
    expect(again).toEqual([]);
  });
});

/** When the worker was killed, and how many steps of each flow had finished. */
interface Crash {
  at: Date;
  finished: Map<string, number>;
}

async function expectWithoutGap(
  { store }: System['deps'],
  executionId: string,
  count: number,
): Promise<void> {
  let next = 0;
  const records = store.stepResults.collection
    .find({ executionId }, { projection: { _id: 0, ordinal: 1 } })
    .sort({ ordinal: 1 });
  for await (const { ordinal } of records) {
    if (ordinal !== next) throw new Error(`Record ${next} is ${ordinal}.`);
    next += 1;
  }
  expect(next).toBe(count);
}

async function historyOf(env: Record<string, string>, workflowId: string) {
  const connection = await Connection.connect({ address: env['TENON_TEMPORAL_ADDRESS']! });
  try {
    const described = await new Client({ connection }).workflow.getHandle(workflowId).describe();
    return { events: described.historyLength, bytes: described.historySize ?? 0 };
  } finally {
    await connection.close();
  }
}
