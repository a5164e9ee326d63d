import { randomUUID } from 'node:crypto';
import { clearDue } from '../../src/services/executions/repair/clear-due';
import { endAbandoned } from '../../src/services/executions/repair/end-abandoned';
import { createInstanceProfile } from '../../src/services/instance-profiles/create-instance-profile';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { listLogs } from '../../src/services/logs/list-logs';
import type { Execution } from '../../src/store/models/execution.model';
import type { StepResult } from '../../src/store/models/step-result.model';
import { code, definition, reference, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { restCaller } from '../support/http';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const DAY_MS = 86_400_000;
const STEP = 'module.exports = async () => ({ data: 1 });';

describe('a run of an instance with a profile', () => {
  let system: System;
  let echo: EchoServer;
  let rest: ReturnType<typeof restCaller>;

  beforeAll(async () => {
    [system, echo] = await Promise.all([
      startSystem({ env: { TENON_RETRY_MINUTE_MS: '500' } }),
      startEchoServer(),
    ]);
    rest = restCaller(system.apiUrl, system.accessToken);
  });
  afterAll(async () => {
    await system?.stop();
    await echo?.close();
  });

  type Settings = Partial<Parameters<typeof createInstanceProfile>[2]>;
  type Flow = Parameters<typeof definition>[1][number] & Record<string, unknown>;
  const aSubject = async (settings: Settings, flow: Omit<Flow, 'name'>, more: Flow[] = [], root = {}) => {
    const name = `Profile ${randomUUID()}`;
    await createInstanceProfile(system.deps, system.ctx, { name, ...settings });
    return aDeployedInstance(system.deps, system.ctx, {
      definition: definition(`Runs ${randomUUID()}`, [{ name: 'Main', ...flow } as Flow, ...more], {
        defaultInstanceProfile: name,
        ...root,
      }),
    });
  };
  const idIn = (response: Response): string => {
    const global = response.headers.get('prismatic-executionid') ?? '';
    return Buffer.from(global, 'base64').toString('utf8').split(':').at(-1)!;
  };
  const call = (address: string, body: unknown = {}) =>
    fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const start = async ({ webhooks }: DeployedInstance, body?: unknown): Promise<string> =>
    idIn(await call(webhooks['Main']!, body));
  const recordOf = (id: string) => system.deps.store.executions.findById(id).lean<Execution>();
  const ended = (id: string): Promise<Execution> =>
    until('the end', async () => {
      const found = await recordOf(id);
      return found?.phase === 'ended' ? found : undefined;
    });
  const stepsOf = (id: string) =>
    system.deps.store.stepResults.find({ executionId: id }).sort({ ordinal: 1 }).lean<StepResult[]>();
  const blobsOf = ({ instanceId }: { instanceId: string }): Promise<number> =>
    system.deps.store.connection.collection('blobs.files').countDocuments({
      'metadata.instanceId': instanceId,
    });
  /** Ended, and with nothing left of its outputs. */
  const cleared = async (id: string): Promise<Execution> => {
    await until('nothing to be due', async () => {
      const found = await recordOf(id);
      return found?.phase === 'ended' && found.resultsDueAt === undefined;
    });
    for (const one of await stepsOf(id)) {
      const { output, outputBlobId, states, statesBlobId, outputBytes } = one;
      expect({ output, outputBlobId, states, statesBlobId, outputBytes }).toEqual({
        output: null,
        outputBlobId: null,
        states: null,
        statesBlobId: null,
        outputBytes: 0,
      });
    }
    return ended(id);
  };

  test('has no line of its log with `logsDisabled`, from the next deploy on; an error stands on its record', async () => {
    const { deps, ctx } = system;
    const loud = [
      step('Say', 'log.writeLog', { level: value('info'), message: value('said') }),
      code(
        'Print',
        'module.exports = async ({ logger }) => { logger.warn("printed"); return { data: 1 }; };',
      ),
      code('Fail', 'module.exports = async () => { throw new Error("As was asked for."); };'),
    ];
    const subject = await aSubject({}, { steps: loud });
    const lines = async () => (await listLogs(deps, ctx, { instanceId: subject.instanceId })).totalCount?.();
    const run = async () => {
      const { _id: executionId } = await ended(await start(subject));
      // The lines of the end are there once they have been read.
      await listLogs(deps, ctx, { executionId });
    };
    await run();
    const before = (await lines())!;
    expect(before).toBeGreaterThan(3);
    await updateInstance(deps, ctx, { id: subject.instanceId, logsDisabled: true });
    await run();
    const between = (await lines())!;
    expect(between).toBe(2 * before);
    await deployInstance(deps, ctx, { id: subject.instanceId });
    const id = await start(subject);
    expect(await ended(id)).toMatchObject({
      status: 'ERROR',
      error: { message: expect.stringContaining('As was asked for.') as string, stepName: 'Fail' },
    });
    const { body } = await rest<{ items: unknown[] }>('GET', `/executions/${id}/logs`);
    expect(body.items).toEqual([]);
    expect(await lines()).toBe(between);
    expect(await stepsOf(id)).toHaveLength(4);
  });

  test('reads its references through loops, large results and a wait with `stepResultsDisabled`, and keeps no output', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true },
      {
        steps: [
          code('Large', 'module.exports = async () => ({ data: { text: "x".repeat(200000) } });'),
          step(
            'Each',
            'loop.loopNTimes',
            { iterationCount: value('5') },
            {
              steps: [
                code(
                  'Inner',
                  'module.exports = async (_, { each, large }) => ({ data: each.index + large.results.text.length });',
                ),
              ],
            },
          ),
          step('Sleep', 'sleep.sleep', { ms: value('3000') }),
          step('Tell', 'http.httpPost', {
            url: value(`${echo.url}/told`),
            data: reference('each.results'),
          }),
        ],
      },
    );
    const id = await start(subject);
    const during = await until('the wait', async () => {
      const found = await stepsOf(id);
      return found.some(({ stepKey }) => stepKey === 'each') ? found : undefined;
    });
    expect(during.some(({ outputBlobId }) => outputBlobId !== null)).toBe(true);
    // Nor are they shown while the run needs them.
    type Shown = { items: { output: unknown; outputUrl: unknown; outputBytes: unknown }[] };
    const shown = await rest<Shown>('GET', `/executions/${id}/steps`);
    for (const one of shown.body.items)
      expect(one).toMatchObject({ output: null, outputUrl: null, outputBytes: null });
    const large = await rest<{ data: unknown }>('GET', `/executions/${id}/step-output?path=1`);
    expect(large.body.data).toBeNull();

    expect(await cleared(id)).toMatchObject({ status: 'SUCCESS' });
    expect(await blobsOf(subject)).toBe(0);
    expect(JSON.stringify(echo.calls.find(({ path }) => path === '/told')?.body)).toContain('200004');
    const left = await stepsOf(id);
    expect(left.map(({ stepName }) => stepName)).toEqual(
      expect.arrayContaining(['Trigger', 'Large', 'Inner', 'Each', 'Sleep', 'Tell']),
    );
    expect(left.every(({ startedAt, endedAt }) => startedAt <= endedAt)).toBe(true);
  });

  test('that is held and resumed reads its journal, and its synchronous caller gets the answer', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true },
      {
        isSynchronous: true,
        steps: [
          code(
            'One',
            `module.exports = async () => { await fetch('${echo.url}/one'); await new Promise((d) => setTimeout(d, 800)); return { data: "one" }; };`,
          ),
          code('Two', 'module.exports = async (_, { one }) => ({ data: { was: one.results } });'),
        ],
      },
    );
    const calling = call(subject.webhooks['Main']!);
    await until('the first step', () => echo.count('/one') === 1);
    const found = await system.deps.store.executions.findOne({ instanceId: subject.instanceId }).lean();
    const id = found!._id;
    await rest('POST', `/executions/${id}/hold`);
    await until('the first record', async () => (await stepsOf(id)).length === 2);
    await rest('POST', `/executions/${id}/resume`);
    const response = await calling;
    expect([response.status, await response.json()]).toEqual([200, { was: 'one' }]);
    await cleared(id);
  });

  test('is run again after a failure, and neither attempt keeps an output', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true },
      {
        steps: [
          code('Give', 'module.exports = async () => ({ data: "y".repeat(100000) });'),
          code(
            'Once',
            `module.exports = async (_, { give }) => {
              await fetch('${echo.url}/once/' + give.results.length);
              throw new Error('Always.');
            };`,
          ),
        ],
        retryConfig: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false },
      },
    );
    const failed = await cleared(await start(subject));
    const retry = await cleared(failed.nextRetry!.executionId);
    expect(retry).toMatchObject({ status: 'ERROR', profile: { stepResultsDisabled: true } });
    expect(echo.count('/once/100000')).toBe(2);
    expect(await blobsOf(subject)).toBe(0);
    expect((await stepsOf(retry._id)).at(-1)).toMatchObject({
      error: { message: expect.stringContaining('Always.') as string },
    });
  });

  test('that decides where a delivery goes is read for that, and cleared by the sweeper later', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true },
      { steps: [code('Decide', 'module.exports = async () => ({ data: { flow: "Second" } });')] },
      [
        {
          name: 'Second',
          isSynchronous: true,
          steps: [code('Say', 'module.exports = async () => ({ data: "second" });')],
        },
      ],
      {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Main',
        flowNameField: reference('decide.results.flow'),
      },
    );
    const response = await call(`${system.apiUrl}/trigger/${subject.instanceId}`);
    expect(await response.text()).toContain('second');
    const found = await system.deps.store.executions
      .findOne({ instanceId: subject.instanceId, isPreprocess: true })
      .lean<Execution>();
    expect(found?.resultsDueAt?.getTime()).toBeGreaterThan(Date.now());
    expect((await stepsOf(found!._id)).some(({ output }) => output !== null)).toBe(true);
    const shown = await rest<{ items: { output: unknown }[] }>('GET', `/executions/${found!._id}/steps`);
    expect(shown.body.items.map(({ output }) => output)).toEqual([null, null]);
    await clearDue(system.deps, new Date(Date.now() + DAY_MS));
    await cleared(found!._id);
  });

  test('that decides for all customers whose a delivery is has the profile that the version names', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true, logsDisabled: true, allocatedMemoryMb: 1024 },
      {
        steps: [
          code(
            'Decide',
            'module.exports = async ({ runnerAllocatedMemoryMb: mb }) => ({ data: { who: `c-${mb}` } });',
          ),
        ],
      },
      [{ name: 'Second', isSynchronous: true, steps: [code('Say', STEP)] }],
      {
        endpointType: 'shared_instance',
        preprocessFlowName: 'Main',
        externalCustomerIdField: reference('decide.results.who'),
      },
    );
    const { customers, executions } = system.deps.store;
    await customers.updateOne({ _id: subject.customerId }, { $set: { externalId: 'c-1024' } });
    expect((await call(`${system.apiUrl}/trigger/${subject.integrationId}`)).status).toBe(200);
    const { integrationId } = subject;
    const found = await executions.findOne({ integrationId, isPreprocess: true }).lean<Execution>();
    expect(found).toMatchObject({
      isTest: true,
      profile: { stepResultsDisabled: true, logsDisabled: true, allocatedMemoryMb: 1024 },
    });
    const logs = await rest<{ items: unknown[] }>('GET', `/executions/${found!._id}/logs`);
    expect(logs.body.items).toEqual([]);
    await clearDue(system.deps, new Date(Date.now() + DAY_MS));
    await cleared(found!._id);
  });

  test('that was ended from outside is cleared by the sweeper', async () => {
    const subject = await aSubject(
      { stepResultsDisabled: true },
      { steps: [code('One', STEP), step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
    );
    const id = await start(subject);
    await until('the wait', async () => (await recordOf(id))?.armedWait);
    await endAbandoned(system.deps, id, { code: 'terminated', message: 'Ended.' });
    expect((await recordOf(id))?.resultsDueAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await clearDue(system.deps)).toBe(0);
    await clearDue(system.deps, new Date(Date.now() + DAY_MS));
    await cleared(id);
  });

  test('shares no stored content with runs that keep theirs', async () => {
    const steps = [code('Large', 'module.exports = async () => ({ data: "z".repeat(100000) });')];
    const subject = await aSubject({}, { steps });
    const keeping = await start(subject);
    await ended(keeping);
    await updateInstance(system.deps, system.ctx, { id: subject.instanceId, stepResultsDisabled: true });
    await deployInstance(system.deps, system.ctx, { id: subject.instanceId });
    await cleared(await start(subject));
    const kept = (await stepsOf(keeping)).find(({ stepKey }) => stepKey === 'large');
    const content = await system.deps.store.blobs.get(kept!.outputBlobId!);
    expect(content.includes('zzzz')).toBe(true);
  });

  test('is told of its memory, and gets it; a test of a draft gets the memory and keeps logs and outputs', async () => {
    // Beyond the heap of the shared runners of this test's worker.
    const hungry =
      'module.exports = async ({ runnerAllocatedMemoryMb: mb }) => { const all = []; for (let at = 0; at < 450; at += 1) all.push(new Array(131072).fill(at)); return { data: { mb, count: all.length } }; };';
    const subject = await aSubject(
      { allocatedMemoryMb: 1024, logsDisabled: true, stepResultsDisabled: true },
      { isSynchronous: true, steps: [code('Hungry', hungry)] },
    );
    const response = await call(subject.webhooks['Main']!);
    expect(await response.json()).toEqual({ mb: 1024, count: 450 });
    const tested = await system.deps.store.instances.findOne({
      integrationId: subject.integrationId,
      isSystem: true,
    });
    const flow = await system.deps.store.flowConfigs.findOne({ instanceId: tested!._id }).lean();
    const { body } = await rest<{ id: string }>('POST', `/flow-configs/${flow!._id}/test`, {});
    expect(await ended(body.id)).toMatchObject({
      status: 'SUCCESS',
      isTest: true,
      profile: { allocatedMemoryMb: 1024 },
    });
    expect((await stepsOf(body.id)).every(({ output }) => output !== null)).toBe(true);
    const logs = await rest<{ items: unknown[] }>('GET', `/executions/${body.id}/logs`);
    expect(logs.body.items.length).toBeGreaterThan(1);
  }, 60_000);
});
