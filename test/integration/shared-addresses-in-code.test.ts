import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { code, definition, reference, step, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { publishHooked } from '../support/lifecycle-package';
import { type System, startSystem } from '../support/system';

let system: System;

beforeAll(async () => {
  system = await startSystem();
  await publishHooked(system);
}, 60_000);
afterAll(() => system?.stop());

async function post(url: string | undefined, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
}

const SORT = {
  name: 'Sort',
  endpointSecurityType: 'organization',
  organizationApiKeys: ['k1'],
  steps: [
    code('Decide', 'module.exports = async (c, { trigger }) => ({ data: trigger.results.body.data });'),
  ],
};
const TELL = (name: string) =>
  code(
    'Tell',
    `module.exports = async ({ customer, webhookUrls, crossFlowState }, r) => ({ data: { flow: '${name}',
      customer: customer.externalId, urls: webhookUrls, ofTrigger: r.trigger.results.webhookUrls, calls: crossFlowState.calls } });`,
  );
const hook = {
  name: 'Trigger',
  description: '',
  isTrigger: true,
  action: { key: 'hook', component: { key: 'hooked', isPublic: false, version: 'LATEST' } },
  inputs: { fail: value('') },
};
const SHARED = {
  preprocessFlowName: 'Sort',
  flowNameField: reference('decide.results.flow'),
  externalCustomerIdField: reference('decide.results.customer'),
};
const KEY = { 'Api-Key': 'k1' };

describe('the addresses that code is told where flows share one', () => {
  it('are called by third parties as the shared one is, with all that it checks, and by siblings directly', async () => {
    const call = step('Call', 'cross-flow.invokeFlow', { flowName: value('First'), data: value('{}') });
    const give = code('Give', 'module.exports = async (c, { call }) => ({ data: call.results });');
    const flow = { isSynchronous: true, endpointSecurityType: 'unsecured' };
    const { webhooks, flowConfigIds, instanceId } = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition(
        'Told',
        [
          SORT,
          { name: 'First', ...flow, trigger: hook, steps: [TELL('First')] },
          { name: 'Second', ...flow, steps: [call, give] },
        ],
        { endpointType: 'instance_specific', ...SHARED },
      ),
    });
    const first = await post(webhooks['First'], { flow: 'First' }, KEY);
    const urls = Object.fromEntries(
      Object.entries(flowConfigIds).map(([name, id]) => [name, `${system.apiUrl}/trigger/${id}`]),
    );
    expect(first).toMatchObject({ status: 200, body: { flow: 'First', urls, ofTrigger: urls } });
    // What a trigger registers with a third party when it is deployed.
    expect(first.body['calls']).toContainEqual(
      expect.stringMatching(`^webhookCreate First ${flowConfigIds['First']} `),
    );
    for (const url of Object.values(urls)) {
      expect(await post(url, { flow: 'First' }, KEY)).toMatchObject({ status: 200, body: { flow: 'First' } });
      expect(await post(url, { flow: 'First' })).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      });
      expect(await post(url, { flow: 'None' }, KEY)).toMatchObject({
        status: 404,
        body: { code: 'route_not_found' },
      });
      // A lineage that does not verify is nobody's.
      const claimed = { 'prismatic-invoked-by': JSON.stringify({ invokedByExecutionJWT: 'x.y.z' }) };
      expect(await post(url, { flow: 'First' }, claimed)).toMatchObject({ status: 401 });
    }
    const { executions } = system.deps.store;
    const sorted = () => executions.countDocuments({ instanceId, flowName: 'Sort' });
    const before = await sorted();
    expect(await post(urls['First'], { flow: 'Second' }, KEY)).toMatchObject({
      status: 200,
      body: { flow: 'First', customer: '' },
    });
    expect((await sorted()) - before).toBe(1);
  });

  it('lead to the customer whom the delivery names where customers share one', async () => {
    const { deps, ctx } = system;
    const flow = { isSynchronous: true, endpointSecurityType: 'unsecured' };
    const text = definition('Told to all', [SORT, { name: 'First', ...flow, steps: [TELL('First')] }], {
      endpointType: 'shared_instance',
      ...SHARED,
    });
    const integration = await importIntegration(deps, ctx, { definition: text });
    const { _id: integrationId } = await publishIntegration(deps, ctx, { id: integration._id });
    for (const externalId of ['told-north', 'told-south']) {
      const { _id: customerId } = await createCustomer(deps, ctx, { name: externalId, externalId });
      const { _id: id } = await createInstance(deps, ctx, { name: externalId, integrationId, customerId });
      await deployInstance(deps, ctx, { id });
    }
    const to = (customer: string) => ({ flow: 'First', customer });
    const shared = `${system.apiUrl}/trigger/${integration._id}`;
    const { body } = await post(shared, to('told-north'), KEY);
    const { First: url } = body['urls'] as unknown as Record<string, string>;
    for (const customer of ['told-north', 'told-south'])
      expect(await post(url, to(customer), KEY)).toMatchObject({ status: 200, body: { customer } });
    expect(await post(url, to('told-north'))).toMatchObject({ status: 401 });
    expect(await post(url, to('nobody'), KEY)).toMatchObject({ status: 404 });
  });
});
