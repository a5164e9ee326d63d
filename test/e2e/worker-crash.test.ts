import { complex, definition, step, stringVar, template, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const EXECUTIONS = 50;
const STEPS = 6;

/** Posts to the third party in every step, under a path that names delivery and step. */
const DEFINITION = definition(
  'Crash subject',
  [
    {
      name: 'Post six times',
      steps: Array.from({ length: STEPS }, (_, at) =>
        step(`Post ${at}`, 'http.httpPost', {
          url: template(`{{#Target}}/{{$trigger.results.body.data.n}}/${at}`),
          data: template('{"n": {{$trigger.results.body.data.n}}}'),
          responseType: value('json'),
          headers: complex([]),
          timeout: value(''),
        }),
      ),
    },
  ],
  {
    requiredConfigVars: [stringVar('Target')],
    configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Target' }] }],
  },
);

describe('a worker killed with executions in flight', () => {
  let system: System;
  let echo: EchoServer;
  let worker: WorkerProcess;
  const env = testEnvironment();

  beforeAll(async () => {
    echo = await startEchoServer({ delayMs: 100 });
    system = await startSystem({ worker: false, env });
    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
  });

  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await echo?.close();
  });

  test('all executions complete after its restart, and no journaled step runs twice', async () => {
    const { webhooks } = await aDeployedInstance(system.deps, system.ctx, {
      definition: DEFINITION,
      configVariables: [{ key: 'Target', value: echo.url }],
    });
    const accepted = await Promise.all(
      Array.from({ length: EXECUTIONS }, async (_, n) => {
        const response = await fetch(webhooks['Post six times']!, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ n }),
        });
        return response.status;
      }),
    );
    expect(accepted).toEqual(Array<number>(EXECUTIONS).fill(200));

    await until(
      'calls in flight',
      () => echo.calls.length >= EXECUTIONS && echo.calls.length < EXECUTIONS * STEPS,
    );
    await worker.kill();
    const { stepResults, executions } = system.deps.store;
    const journaled = await stepResults.find({ stepKey: /^post/ }).lean();
    const callsBefore = echo.calls.length;
    const unfinished = await executions.countDocuments({ phase: { $ne: 'ended' } });
    expect(unfinished).toBeGreaterThan(0);

    worker = await startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });
    await until(
      'all ends',
      async () => (await executions.countDocuments({ status: 'SUCCESS' })) === EXECUTIONS,
      90_000,
    );

    // Every step of every execution was journaled once, and those journaled before the crash ran once.
    expect(await stepResults.countDocuments({ stepKey: /^post/ })).toBe(EXECUTIONS * STEPS);
    const byDelivery = await deliveryOf(system);
    const twice = journaled.filter(
      ({ executionId, stepName }) =>
        echo.count(`/${byDelivery.get(executionId)}/${stepName.slice(-1)}`) !== 1,
    );
    expect(twice).toEqual([]);
    // Only steps in flight at the crash ran again: at most one an execution that was not finished.
    expect(echo.calls.length).toBeLessThanOrEqual(EXECUTIONS * STEPS + unfinished);
    expect(callsBefore).toBeGreaterThanOrEqual(EXECUTIONS);
    // A step that ran again was told so.
    const repeated = await stepResults.find({ attempt: { $gt: 1 } }).lean();
    expect(repeated.length).toBeGreaterThanOrEqual(echo.calls.length - EXECUTIONS * STEPS);
  }, 180_000);
});

/** The number that each execution was delivered with. */
async function deliveryOf({ deps }: System): Promise<Map<string, number>> {
  const executions = await deps.store.executions.find().lean();
  return new Map(
    executions.map(({ _id, request }) => [_id, (JSON.parse(String(request.body)) as { n: number }).n]),
  );
}
