import { createHmac } from 'node:crypto';
import { toGlobalId } from '../../src/api/graphql/global-id';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import type { ConfigRevision } from '../../src/store/models/config-revision.model';
import { code, complex, definition, reference, step, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';

let system: System;

beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const answering = (name: string) => ({
  name,
  isSynchronous: true,
  steps: [
    code(
      'Say',
      `module.exports = async ({ customer }, { trigger }) => ({ data: { flow: '${name}', customer: customer.externalId, body: trigger.results.body.data } });`,
    ),
  ],
});

const preprocess = {
  name: 'Sort',
  steps: [
    code(
      'Decide',
      'module.exports = async (context, { trigger }) => { const { kind, who } = trigger.results.body.data; if (kind === "bad") throw new Error("no such kind"); return { data: { flow: kind === "a" ? "First" : kind, customer: who } }; };',
    ),
  ],
};

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const field = (path: string) => reference(path);

describe('an address that the flows of an instance share', () => {
  it('finds the flow by a field of the request', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('By a field', [answering('First'), answering('Second')], {
        endpointType: 'instance_specific',
        flowNameField: field('payload.results.body.data.flow'),
      }),
    });
    expect(new Set(Object.values(one.webhooks))).toEqual(
      new Set([`${system.apiUrl}/trigger/${one.instanceId}`]),
    );
    const answer = await post(`${system.apiUrl}/trigger/${one.instanceId}`, { flow: 'Second', n: 1 });
    expect(answer).toMatchObject({ status: 200, body: { flow: 'Second', body: { flow: 'Second', n: 1 } } });
  });

  it('has no field for the flow and one flow: deliveries are for it', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Only one', [preprocess, answering('First')], {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Sort',
      }),
    });
    const answer = await post(`${system.apiUrl}/trigger/${one.instanceId}`, { kind: 'x' });
    expect(answer).toMatchObject({ status: 200, body: { flow: 'First' } });
  });

  it('finds the flow by its preprocess flow, and refuses what that does not route', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('By a flow', [preprocess, answering('First'), answering('Second')], {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
      }),
    });
    const url = `${system.apiUrl}/trigger/${one.instanceId}`;
    const answer = await post(url, { kind: 'a' });
    expect(answer).toMatchObject({ status: 200, body: { flow: 'First', body: { kind: 'a' } } });
    expect(await post(url, { kind: 'Nowhere' })).toMatchObject({
      status: 404,
      body: { code: 'route_not_found', detail: expect.stringContaining('"Nowhere"') },
    });
    expect(await post(url, { kind: 'bad' })).toMatchObject({
      status: 502,
      body: { code: 'component_failed' },
    });
    const runs = await deps.store.executions.find({ instanceId: one.instanceId }).sort({ _id: 1 }).lean();
    expect(runs.map(({ flowName, isPreprocess }) => [flowName, isPreprocess ?? false])).toEqual([
      ['Sort', true],
      ['First', false],
      ['Sort', true],
      ['Sort', true],
    ]);
    expect(runs[1]?.preprocessExecutionId).toBe(runs[0]?._id);
  });

  it('shows the steps of its preprocess flow at the run that they led to, when asked for, and marks them', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Marked', [preprocess, answering('First')], {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
      }),
    });
    await post(`${system.apiUrl}/trigger/${one.instanceId}`, { kind: 'a' });
    const runs = await deps.store.executions.find({ instanceId: one.instanceId }).sort({ _id: 1 }).lean();
    const [sorting, led] = runs.map(({ _id }) => _id);
    const inGraphql = async (executionId: string | undefined, fromPreprocessFlow: boolean | null) => {
      const query = `query ($id: ID!, $from: Boolean) { executionResult(id: $id) {
        stepResults(fromPreprocessFlow: $from) { totalCount nodes { displayStepName fromPreprocessFlow isRootResult } } } }`;
      const id = toGlobalId('InstanceExecutionResult', String(executionId));
      const { body } = await graphqlClient(system, system.accessToken)(query, {
        id,
        from: fromPreprocessFlow,
      });
      const found = body.data!['executionResult']!['stepResults'] as unknown as {
        totalCount: number;
        nodes: { displayStepName: string; fromPreprocessFlow: boolean; isRootResult: boolean }[];
      };
      expect(found.totalCount).toBe(found.nodes.length);
      return found.nodes.map((step) => Object.values(step));
    };
    const own = [
      ['Trigger', false, true],
      ['Say', false, false],
    ];
    const sorted = [
      ['Trigger', true, true],
      ['Decide', true, false],
    ];
    expect(await inGraphql(led, null)).toEqual(own);
    expect(await inGraphql(led, false)).toEqual(own);
    expect(await inGraphql(led, true)).toEqual(sorted);
    expect(await inGraphql(sorting, null)).toEqual(sorted);
    expect(await inGraphql(sorting, true)).toEqual(sorted);
    expect(await inGraphql(sorting, false)).toEqual([]);
    const inRest = await fetch(`${system.apiUrl}/api/v1/executions/${led}/steps?fromPreprocessFlow=true`, {
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    expect(await inRest.json()).toMatchObject({
      items: [
        { name: 'Trigger', fromPreprocessFlow: true },
        { name: 'Decide', fromPreprocessFlow: true },
      ],
    });
  });

  it('is refused by the trigger of its preprocess flow, with the status that this one chose', async () => {
    const { deps, ctx } = system;
    const trigger = {
      ...step('Trigger', 'hash.hmacWebhookTrigger', {
        hmacHeaderName: value('X-Signature'),
        secretKey: value('secret'),
        hmacHashFunction: value('sha256'),
      }),
      isTrigger: true,
    };
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Signed', [{ ...preprocess, trigger }, answering('First')], {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
      }),
    });
    const url = `${system.apiUrl}/trigger/${one.instanceId}`;
    expect(await post(url, { kind: 'a' })).toMatchObject({ status: 401, body: { code: 'request_refused' } });
    expect(await deps.store.executions.countDocuments({ instanceId: one.instanceId })).toBe(1);
    const signature = createHmac('sha256', 'secret')
      .update(JSON.stringify({ kind: 'a' }))
      .digest('hex');
    expect(await post(url, { kind: 'a' }, { 'X-Signature': signature })).toMatchObject({ status: 200 });
  });

  it('is answered by its preprocess flow where that stops, and no flow runs', async () => {
    const { deps, ctx } = system;
    const stop = step('Stop', 'stop-execution.stopExecution', {
      statusCode: value('202'),
      contentType: value('text/plain'),
      jsonBody: reference('trigger.results.body.data.challenge'),
      headers: complex([{ type: 'value', name: 'X-Hook', value: 'shaken' }]),
    });
    const shaking = step(
      'Shaking Hands',
      'branch.branchOnExpression',
      {
        conditions: complex([
          {
            name: 'Hand',
            ...complex(['exists', reference('trigger.results.body.data.challenge')]),
          },
        ]),
      },
      {
        branches: [
          { name: 'Hand', steps: [stop] },
          { name: 'Else', steps: [] },
        ],
      },
    );
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition(
        'Shaking',
        [{ name: 'Sort', steps: [shaking, ...preprocess.steps] }, answering('First'), answering('Second')],
        {
          endpointType: 'instance_specific',
          preprocessFlowName: 'Sort',
          flowNameField: field('decide.results.flow'),
        },
      ),
    });
    const url = `${system.apiUrl}/trigger/${one.instanceId}`;
    for (const mode of [undefined, 'true', 'false']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(mode && { 'prismatic-synchronous': mode }) },
        body: JSON.stringify({ challenge: 'abc', kind: 'a' }),
      });
      expect([response.status, await response.text()]).toEqual([202, 'abc']);
      expect(response.headers.get('x-hook')).toBe('shaken');
      expect(response.headers.get('content-type')).toBe('text/plain');
      const [run] = await deps.store.executions.find({ instanceId: one.instanceId }).sort({ _id: -1 }).lean();
      expect(response.headers.get('prismatic-executionid')).toBe(
        toGlobalId('InstanceExecutionResult', String(run?._id)),
      );
      expect(run).toMatchObject({ flowName: 'Sort', status: 'SUCCESS' });
    }
    expect(await deps.store.executions.countDocuments({ instanceId: one.instanceId })).toBe(3);
    expect(await post(url, { kind: 'a' })).toMatchObject({ status: 200, body: { flow: 'First' } });
  });

  it('goes on to the flow that the stopping step itself names', async () => {
    const { deps, ctx } = system;
    const stop = step('Stop', 'stop-execution.stopExecution', { jsonBody: value('Second') });
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition(
        'Naming',
        [{ name: 'Sort', steps: [stop] }, answering('First'), answering('Second')],
        {
          endpointType: 'instance_specific',
          preprocessFlowName: 'Sort',
          flowNameField: field('stop.results'),
        },
      ),
    });
    const answer = await post(`${system.apiUrl}/trigger/${one.instanceId}`, {});
    expect(answer).toMatchObject({ status: 200, body: { flow: 'Second' } });
  });

  it('keeps an Idempotency-Key: the same delivery twice is one run of its flow', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Once', [preprocess, answering('First')], {
        endpointType: 'instance_specific',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
      }),
    });
    const url = `${system.apiUrl}/trigger/${one.instanceId}`;
    const both = [1, 2].map(() => post(url, { kind: 'a' }, { 'Idempotency-Key': 'k1' }));
    const [first, second] = await Promise.all(both);
    expect([first?.status, second?.status]).toEqual([200, 200]);
    expect(first?.headers.get('prismatic-executionid')).toBe(second?.headers.get('prismatic-executionid'));
    expect(
      await deps.store.executions.countDocuments({ instanceId: one.instanceId, flowName: 'First' }),
    ).toBe(1);
  });
});

describe('an address that all customers of an integration share', () => {
  it('finds customer and flow, by a preprocess flow or by fields, and refuses strangers', async () => {
    const { deps, ctx } = system;
    const integration = await importIntegration(deps, ctx, {
      definition: definition('For all', [preprocess, answering('First')], {
        endpointType: 'shared_instance',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
        externalCustomerIdField: field('decide.results.customer'),
      }),
    });
    const version = await publishIntegration(deps, ctx, { id: integration._id });
    for (const externalId of ['north', 'south']) {
      const customer = await createCustomer(deps, ctx, { name: `Shared ${externalId}`, externalId });
      const instance = await createInstance(deps, ctx, {
        name: externalId,
        integrationId: version._id,
        customerId: customer._id,
      });
      await deployInstance(deps, ctx, { id: instance._id });
      const flows = await listFlowConfigs(deps, ctx, { instanceId: instance._id });
      expect(flows[0]?.webhookUrl).toBe(`${system.apiUrl}/trigger/${integration._id}`);
    }
    const url = `${system.apiUrl}/trigger/${integration._id}`;
    for (const who of ['south', 'north'])
      expect(await post(url, { kind: 'a', who })).toMatchObject({ status: 200, body: { customer: who } });
    // The same key of two customers is two deliveries; one that failed may be mended and sent again.
    const key = { 'Idempotency-Key': 'order-1' };
    for (const who of ['south', 'north'])
      expect(await post(url, { kind: 'a', who }, key)).toMatchObject({
        status: 200,
        body: { customer: who },
      });
    const again = { 'Idempotency-Key': 'order-2' };
    expect(await post(url, { kind: 'bad', who: 'north' }, again)).toMatchObject({ status: 502 });
    expect(await post(url, { kind: 'a', who: 'north' }, again)).toMatchObject({ status: 200 });
    for (const who of ['east', undefined])
      expect(await post(url, { kind: 'a', who })).toMatchObject({
        status: 404,
        body: { code: 'route_not_found' },
      });
  });
});

describe('a flow that calls itself and waits', () => {
  it('is stopped after 20 calls in a row', async () => {
    const { deps, ctx } = system;
    const call = step('Again', 'cross-flow.invokeFlow', { flowName: value('Endless'), data: value('') });
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Endless', [{ name: 'Endless', isSynchronous: true, steps: [call] }]),
    });
    expect(await post(String(one.webhooks['Endless']), {})).toMatchObject({ status: 502 });
    const { instanceId } = one;
    expect(await deps.store.executions.countDocuments({ instanceId })).toBe(21);
    const [last] = await deps.store.executions.find({ instanceId }).sort({ _id: -1 }).lean();
    expect(last).toMatchObject({ invokedBy: { depth: 20, waitingDepth: 20 }, status: 'ERROR' });
    expect(last?.error?.message).toMatch(/wait for each other/);
  });
});

describe('an address that all customers share', () => {
  it('goes on by what is published while the draft is edited or broken', async () => {
    const { deps, ctx } = system;
    const text = (variable: string) =>
      definition('Drafted', [preprocess, answering('First')], {
        endpointType: 'shared_instance',
        preprocessFlowName: 'Sort',
        flowNameField: field('decide.results.flow'),
        externalCustomerIdField: field('decide.results.customer'),
        requiredConfigVars: [{ key: variable, dataType: 'string', defaultValue: 'x', orgOnly: false }],
      });
    const one = await aDeployedInstance(deps, ctx, { definition: text('Before') });
    await deps.store.customers.updateOne({ _id: one.customerId }, { $set: { externalId: 'drafted' } });
    await importIntegration(deps, ctx, { definition: text('After'), integrationId: one.integrationId });
    const url = `${system.apiUrl}/trigger/${one.integrationId}`;
    expect(await post(url, { kind: 'a', who: 'drafted' })).toMatchObject({ status: 200 });
    await deps.store.integrations.updateOne(
      { _id: one.integrationId },
      { $set: { definition: 'broken: [' } },
    );
    expect(await post(url, { kind: 'a', who: 'drafted' })).toMatchObject({ status: 200 });
  });
});

describe('the test address of a flow', () => {
  it('runs the draft with the test configuration, schedules too, and debug when it is asked for', async () => {
    const { deps, ctx } = system;
    const text = (word: string) =>
      definition('A draft', [
        {
          name: 'Main',
          isSynchronous: true,
          steps: [
            code('Say', `module.exports = async ({ globalDebug }) => ({ data: ['${word}', globalDebug] });`),
          ],
        },
      ]);
    const integration = await importIntegration(deps, ctx, { definition: text('one') });
    const test = await deps.store.instances
      .findOne({ integrationId: integration._id, isSystem: true })
      .lean();
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: String(test?._id) });
    const url = String(flow?.webhookUrl);
    expect((await post(url, {})).body).toEqual(['one', false]);
    await importIntegration(deps, ctx, { definition: text('two'), integrationId: integration._id });
    expect((await post(url, {}, { 'prismatic-debug': 'true' })).body).toEqual(['two', true]);
    const runs = await deps.store.executions.find({ instanceId: String(test?._id) }).lean();
    expect(runs.map(({ invokeType, isTest }) => [invokeType, isTest])).toEqual([
      ['INTEGRATION_FLOW_TEST', true],
      ['INTEGRATION_FLOW_TEST', true],
    ]);
  });

  it('answers though a process died between a test’s revision and the note of it', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Died', [
        {
          name: 'Main',
          isSynchronous: true,
          steps: [code('Say', 'module.exports = async () => ({ data: 1 });')],
        },
      ]),
    });
    const test = await deps.store.instances
      .findOne({ integrationId: one.integrationId, isSystem: true })
      .lean();
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: String(test?._id) });
    expect((await post(String(flow?.webhookUrl), {})).body).toBe(1);
    const [revision] = await deps.store.configRevisions.find({ instanceId: String(test?._id) }).lean();
    await deps.store.configRevisions.insertMany([
      { ...revision, _id: 'left-behind', revision: 2 } as unknown as ConfigRevision,
    ]);
    await deps.store.instances.updateOne({ _id: String(test?._id) }, { $set: { draftDeployment: null } });
    expect((await post(String(flow?.webhookUrl), {})).body).toBe(1);
  });

  it('takes the result of a poll from the test, and calls no trigger for it', async () => {
    const { deps, ctx } = system;
    const poll = {
      ...step('Poll', 'code.runCodeTrigger', {
        code: value("module.exports = async () => { throw new Error('polled'); };"),
      }),
      isTrigger: true,
    };
    const integration = await importIntegration(deps, ctx, {
      definition: definition('Simulated', [
        {
          name: 'Main',
          isSynchronous: true,
          trigger: poll,
          steps: [
            code(
              'Say',
              'module.exports = async (context, { poll }) => ({ data: [poll.results.body.data, context.isSimulatedTestExecution] });',
            ),
          ],
        },
      ]),
    });
    const test = await deps.store.instances
      .findOne({ integrationId: integration._id, isSystem: true })
      .lean();
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: String(test?._id) });
    const simulated = JSON.stringify({ payload: { body: { data: [{ id: 1 }] } } });
    expect(
      await post(String(flow?.webhookUrl), {}, { 'prismatic-simulated-trigger-result': simulated }),
    ).toMatchObject({ status: 200, body: [[{ id: 1 }], true] });
    expect(await post(String(flow?.webhookUrl), {})).toMatchObject({ status: 502 });
  });

  it('says of headers that only tests may send at once what is wrong with them', async () => {
    const { deps, ctx } = system;
    const one = await aDeployedInstance(deps, ctx, {
      definition: definition('Headers', [
        { name: 'Main', steps: [step('Log', 'log.writeLog', { level: value('info'), message: value('x') })] },
      ]),
    });
    const test = await deps.store.instances
      .findOne({ integrationId: one.integrationId, isSystem: true })
      .lean();
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: String(test?._id) });
    const headers = { 'prismatic-simulated-trigger-result': '{' };
    expect(await post(String(flow?.webhookUrl), {}, headers)).toMatchObject({ status: 400 });
    // Elsewhere it means nothing.
    expect(await post(String(one.webhooks['Main']), {}, headers)).toMatchObject({ status: 200 });
  });
});
