import { toGlobalId } from '../../src/api/graphql/global-id';
import type { Execution } from '../../src/store/models/execution.model';
import { code, complex, definition, reference, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;

beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.stop());

const sync = (name: string, steps: unknown[], more: object = {}) => ({
  name,
  isSynchronous: true,
  steps,
  ...more,
});
const returns = (text: string) => code('Answer', `module.exports = async () => (${text});`);
const codeTrigger = (text: string, more: object = {}) => ({
  ...step('Trigger', 'code.runCodeTrigger', { code: value(`module.exports = async () => ${text};`) }),
  isTrigger: true,
  ...more,
});

const deployed = (
  name: string,
  flows: Parameters<typeof definition>[1],
  rest = {},
): Promise<DeployedInstance> =>
  aDeployedInstance(system.deps, system.ctx, { definition: definition(name, flows, rest) });

const send = (url: string | undefined, body: unknown = {}) =>
  fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const runsOf = ({ instanceId }: DeployedInstance) =>
  system.deps.store.executions.find({ instanceId }).sort({ _id: 1 }).lean<Execution[]>();

const warningsOf = async (instance: DeployedInstance) => {
  await until('the end of all runs', async () =>
    (await runsOf(instance)).every(({ phase }) => phase === 'ended'),
  );
  const { instanceId } = instance;
  const lines = await system.deps.store.logs.find({ instanceId, severity: 'WARN' }).sort({ _id: 1 }).lean();
  return lines.map(({ stepName, message }) => `${stepName}: ${message}`);
};

const ODD_HEADERS = `{ 'X-Text': 'a', 'X-Number': 7, 'X-Switch': false, 'X-List': ['b', 2], 'X-None': null, 'X-Object': {}, 'X-Bad': 'c\\n', 'X Name': 'd' }`;

describe('headers and a status that a flow gives', () => {
  const expectOdd = (response: Response) => {
    expect(response.status).toBe(201);
    const names = ['x-text', 'x-number', 'x-switch', 'x-list', 'x-none', 'x-object', 'x-bad'];
    expect(names.map((name) => response.headers.get(name))).toEqual([
      'a',
      '7',
      'false',
      'b, 2',
      null,
      null,
      null,
    ]);
  };
  const WARNED = [
    expect.stringMatching(/"X-Object" is left out: its value is no text/),
    expect.stringMatching(/"X-Bad" is left out: its value has characters/),
    expect.stringMatching(/"X Name" is left out: that is no name of a header/),
  ];

  it('are sent as far as they can be, from a last step, and the log tells what could not', async () => {
    const one = await deployed('Odd headers', [
      sync('Main', [
        returns(`{ data: 'x', contentType: 'text/plain', statusCode: '201', headers: ${ODD_HEADERS} }`),
      ]),
    ]);
    const response = await send(one.webhooks['Main']);
    expectOdd(response);
    expect(await response.text()).toBe('x');
    const warned = await warningsOf(one);
    expect(warned).toEqual(WARNED);
    expect(warned[0]).toMatch(/^Answer: /);
  });

  it('are sent so from a trigger’s response, too', async () => {
    const response = `{ statusCode: ' 201 ', headers: ${ODD_HEADERS}, contentType: 'text/plain', body: 'y' }`;
    const trigger = codeTrigger(`({ payload: {}, response: ${response} })`);
    const one = await deployed('Odd response', [{ name: 'Main', trigger, steps: [] }]);
    const answer = await send(one.webhooks['Main']);
    expectOdd(answer);
    expect(await answer.text()).toBe('y');
    const warned = await warningsOf(one);
    expect(warned).toEqual(WARNED);
    expect(warned[0]).toMatch(/^Trigger: /);
  });

  it('say the content type, from a last step and from a trigger, where nothing else does', async () => {
    const headers = `{ 'Content-Type': 'text/html', 'Set-Cookie': 'a=b' }`;
    const response = `({ payload: {}, response: { headers: { 'content-type': 'text/xml' }, body: '<a/>' } })`;
    const one = await deployed('Typed', [
      sync('Page', [returns(`{ data: '<b>hi</b>', headers: ${headers} }`)]),
      sync('Both', [returns(`{ data: 'a,b', contentType: 'text/csv', headers: ${headers} }`)]),
      { name: 'Trigger', trigger: codeTrigger(response), steps: [] },
    ]);
    const typed = async (flow: string) => {
      const answer = await send(one.webhooks[flow]);
      return [answer.headers.get('content-type'), answer.headers.get('set-cookie'), await answer.text()];
    };
    expect(await typed('Page')).toEqual(['text/html', null, '<b>hi</b>']);
    expect(await typed('Both')).toEqual(['text/csv', null, 'a,b']);
    expect(await typed('Trigger')).toEqual(['text/xml', null, '<a/>']);
    const told = expect.stringMatching(
      /^Answer: .*"Set-Cookie" is left out: it is not a flow's to set/,
    ) as string;
    expect(await warningsOf(one)).toEqual([told, told]);
  });

  it('are not there where they cannot be meant, which the log says', async () => {
    const one = await deployed('No status', [
      sync('Main', [returns(`{ data: 1, statusCode: 'fine', headers: ['X-A', 'b'] }`)]),
    ]);
    expect((await send(one.webhooks['Main'])).status).toBe(200);
    expect(await warningsOf(one)).toEqual([
      expect.stringMatching(/statusCode "fine" is left out/),
      expect.stringMatching(/headers are left out: they are no object/),
    ]);
  });

  it('are warned of for those who wait for them alone', async () => {
    const one = await deployed('Unawaited', [
      { name: 'Main', steps: [returns(`{ data: 1, headers: { a: {} } }`)] },
    ]);
    expect((await send(one.webhooks['Main'])).status).toBe(200);
    expect(await warningsOf(one)).toEqual([]);
  });
});

describe('a trigger that refuses its request', () => {
  it.each([
    { errorHandlerType: 'retry', maxAttempts: 3, delaySeconds: 30 },
    { errorHandlerType: 'retry', maxAttempts: 1, delaySeconds: 0, ignoreFinalError: true },
    { errorHandlerType: 'ignore' },
  ])('is neither tried again nor passed by with %j', async (errorConfig) => {
    const trigger = codeTrigger(`{ throw Object.assign(new Error('Not you.'), { httpStatus: 403 }); }`, {
      errorConfig,
    });
    const one = await deployed(`Refusing ${JSON.stringify(errorConfig)}`, [
      sync('Main', [returns(`{ data: 'let in' }`)], { trigger }),
    ]);
    const response = await send(one.webhooks['Main']);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'request_refused',
      detail: expect.stringMatching(/^Not you\./),
    });
    const [run] = await runsOf(one);
    expect(run).toMatchObject({ status: 'ERROR', stepCount: 1 });
    const steps = await system.deps.store.stepResults.find({ executionId: String(run?._id) }).lean();
    expect(steps).toMatchObject([{ path: '0', attempt: 1 }]);
  });
});

describe('a failure that a caller is told of', () => {
  it('names its run as a success does, in the body and in the header', async () => {
    const one = await deployed('Named', [
      sync('Fine', [returns(`{ data: 1 }`)]),
      sync('Bad', [code('Fail', `module.exports = async () => { throw new Error('no'); };`)]),
      { name: 'Later', steps: [] },
    ]);
    const later = await send(one.webhooks['Later']);
    expect(await later.json()).toEqual({ executionId: later.headers.get('prismatic-executionid') });
    const bad = await send(one.webhooks['Bad']);
    expect(bad.status).toBe(502);
    const [, run] = await runsOf(one);
    const id = toGlobalId('InstanceExecutionResult', String(run?._id));
    expect(bad.headers.get('prismatic-executionid')).toBe(id);
    expect(await bad.json()).toMatchObject({ code: 'component_failed', executionId: id });
  });

  it('names the preprocess run that failed', async () => {
    const one = await deployed(
      'Named before',
      [
        { name: 'Sort', steps: [code('Fail', `module.exports = async () => { throw new Error('no'); };`)] },
        sync('Fine', [returns(`{ data: 1 }`)]),
      ],
      { endpointType: 'instance_specific', preprocessFlowName: 'Sort' },
    );
    const bad = await send(`${system.apiUrl}/trigger/${one.instanceId}`);
    expect(bad.status).toBe(502);
    const [run] = await runsOf(one);
    const id = toGlobalId('InstanceExecutionResult', String(run?._id));
    expect(bad.headers.get('prismatic-executionid')).toBe(id);
    expect(await bad.json()).toMatchObject({ executionId: id });
  });
});

describe('a result with maps and sets', () => {
  it('looks the same before and after the run went through the journal', async () => {
    const make = code(
      'Make',
      `module.exports = async () => ({ data: { map: new Map([['a', { b: 1 }]]), set: new Set(['x']), holes: [undefined] }, executionState: { kept: new Map([['k', 1]]) } });`,
    );
    const look = (name: string) =>
      code(
        name,
        `module.exports = async ({ executionState }, { make }) => { const { map, set, holes } = make.results; return { data: [map.a.b, set[0], holes, executionState.kept.k] }; };`,
      );
    const one = await deployed('Maps', [
      sync('Main', [
        make,
        look('Before'),
        step('Wait', 'sleep.sleep', { ms: value('2500') }),
        look('After'),
        step('Both', 'collection-tools.create', {
          items: complex([
            reference('before.results'),
            reference('after.results'),
            reference('make.results.map.a.b'),
          ]),
        }),
      ]),
    ]);
    const seen = [1, 'x', [null], 1];
    const response = await send(one.webhooks['Main']);
    expect(await response.json()).toEqual([seen, seen, 1]);
  });
});

describe('step results in GraphQL', () => {
  it('say what a step ran, in which round of which loop, and for whom', async () => {
    const loop = (name: string, count: number, steps: unknown[]) =>
      step(name, 'loop.loopNTimes', { iterationCount: value(String(count)) }, { steps });
    const one = await deployed('Looped', [
      sync('Main', [loop('Outer', 2, [loop('Inner', 3, [returns(`{ data: 1 }`)])])]),
    ]);
    await send(one.webhooks['Main']);
    const [run] = await runsOf(one);
    const id = toGlobalId('InstanceExecutionResult', String(run?._id));
    const { body } = await graphqlClient(system, system.accessToken)(
      `query ($id: ID!) { executionResult(id: $id) {
        lineage { invokedBy { stepName } } isLre instanceType
        logs(first: 1) { nodes { logType instanceName customerName executionResultId isTestExecution flow { name } integrationName } }
        stepResults { nodes { stepName loopPath loopStepName loopStepIndex componentActionKey executionResult { id } instance { id } } } } }`,
      { id },
    );
    const found = body.data!['executionResult'] as unknown as Record<string, { nodes: unknown[] }>;
    expect(found).toMatchObject({ lineage: { invokedBy: null }, isLre: false, instanceType: 'INTEGRATION' });
    const ofRun = { executionResult: { id }, instance: { id: toGlobalId('Instance', one.instanceId) } };
    const steps = found['stepResults']!.nodes;
    expect(steps).toHaveLength(1 + 6 + 2 + 1);
    expect(steps[0]).toEqual({
      stepName: 'trigger',
      loopPath: null,
      loopStepName: null,
      loopStepIndex: null,
      componentActionKey: 'webhook-triggers.webhook',
      ...ofRun,
    });
    expect(steps[6]).toEqual({
      stepName: 'answer',
      loopPath: 'outer:1,inner:1',
      loopStepName: 'inner',
      loopStepIndex: 1,
      componentActionKey: 'code.runCode',
      ...ofRun,
    });
    expect(steps[8]).toMatchObject({ stepName: 'inner', loopStepName: 'outer', loopStepIndex: 1 });
    expect(found['logs']!.nodes).toEqual([
      {
        logType: 'EXECUTION',
        instanceName: expect.any(String),
        customerName: expect.any(String),
        executionResultId: id,
        isTestExecution: false,
        flow: { name: 'Main' },
        integrationName: 'Looped',
      },
    ]);
  });

  it('say who called a run', async () => {
    const call = step('Call It', 'cross-flow.invokeFlow', { flowName: value('Called'), data: value('{}') });
    const one = await deployed('Calling', [
      sync('Calling', [call]),
      sync('Called', [returns(`{ data: 1 }`)]),
    ]);
    expect((await send(one.webhooks['Calling'])).status).toBe(200);
    const [caller, called] = await runsOf(one);
    const idOf = (run: Execution | undefined) => toGlobalId('InstanceExecutionResult', String(run?._id));
    const { body } = await graphqlClient(system, system.accessToken)(
      'query ($id: ID!) { executionResult(id: $id) { lineage { invokedBy { stepName loopPath execution { id } } } } }',
      { id: idOf(called) },
    );
    expect(body.data?.['executionResult']?.['lineage']).toEqual({
      invokedBy: { stepName: 'callIt', loopPath: expect.anything(), execution: { id: idOf(caller) } },
    });
  });
});

test('a caller whose run is gone is told to send it again, not that there is no such flow', async () => {
  const slow = code('Slow', 'module.exports = () => new Promise((done) => setTimeout(done, 1500));');
  const instance = await deployed('Gone', [sync('Main', [slow])]);
  const answer = send(instance.webhooks['Main']);
  const [run] = await until('the run', async () => {
    const runs = await runsOf(instance);
    return runs[0]?.phase === 'running' ? runs : undefined;
  });
  await system.deps.store.executions.deleteOne({ _id: run!._id });
  const { status, headers } = await answer;
  expect(status).toBe(503);
  expect(headers.get('retry-after')).not.toBeNull();
});
