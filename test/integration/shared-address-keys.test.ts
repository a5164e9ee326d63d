import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { code, definition, reference } from '../support/definition-builder';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';

let system: System;

beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.stop());

const give = (name: string) =>
  code(name, 'module.exports = async (context, { trigger }) => ({ data: trigger.results.body.data });');

/** Published: both flows are secured as told. */
async function published(endpointType: string, sort: object, one: object) {
  const { deps, ctx } = system;
  const flows = [
    { name: 'Sort', steps: [give('Decide')], ...sort },
    { name: 'One', isSynchronous: true, steps: [give('Give')], ...one },
  ];
  const text = definition(`Keys ${endpointType}`, flows, {
    endpointType,
    preprocessFlowName: 'Sort',
    externalCustomerIdField: reference('decide.results.who'),
  });
  const integration = await importIntegration(deps, ctx, { definition: text });
  const version = await publishIntegration(deps, ctx, { id: integration._id });
  return { integrationId: integration._id, versionId: version._id };
}

async function customerOf(versionId: string, externalId: string) {
  const { deps, ctx } = system;
  const customer = await createCustomer(deps, ctx, { name: externalId, externalId });
  const wanted = { name: externalId, integrationId: versionId, customerId: customer._id };
  return createInstance(deps, ctx, wanted);
}

async function setKeys(instanceId: string, keys: Record<string, string>) {
  const { deps, ctx } = system;
  const flows = await listFlowConfigs(deps, ctx, { instanceId });
  const flowConfigs = Object.entries(keys).map(([name, key]) => ({
    flowId: flows.find(({ flowName }) => flowName === name)!.flowId,
    apiKeys: [key],
  }));
  await updateInstance(deps, ctx, { id: instanceId, flowConfigs });
}

const deploy = (id: string) => deployInstance(system.deps, system.ctx, { id });
const lacking = async (id: string) => (await errorOf(deploy(id))).faults.map(({ field }) => field);

async function post(id: string, who: string, apiKey?: string): Promise<number> {
  const response = await fetch(`${system.apiUrl}/trigger/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey && { 'api-key': apiKey }) },
    body: JSON.stringify({ who }),
  });
  return response.status;
}

const REQUIRED = { endpointSecurityType: 'customer_required' };
const OPTIONAL = { endpointSecurityType: 'customer_optional' };
const ORGANIZATION = { endpointSecurityType: 'organization', organizationApiKeys: ['org'] };

describe('API keys at an address that customers share', () => {
  for (const sort of [REQUIRED, OPTIONAL]) {
    it(`are those of the customer at the flow alone: the preprocess flow has none (${sort.endpointSecurityType})`, async () => {
      const { integrationId, versionId } = await published('shared_instance', sort, REQUIRED);
      const names = ['north', 'south'].map((name) => `${name} ${sort.endpointSecurityType}`);
      for (const name of names) {
        const { _id } = await customerOf(versionId, name);
        expect(await lacking(_id)).toEqual(['flowConfigs.One']);
        await setKeys(_id, { One: `key of ${name}` });
        await deploy(_id);
      }
      // What tests of the preprocess flow want is nothing to customers.
      const home = await system.deps.store.instances.findOne({ integrationId, isSystem: true }).lean();
      await setKeys(String(home?._id), { Sort: 'of-tests' });
      const [north = '', south = ''] = names;
      const keys = [`key of ${north}`, `key of ${south}`, 'of-tests', undefined];
      const answers = (who: string) => Promise.all(keys.map((key) => post(integrationId, who, key)));
      expect(await answers(north)).toEqual([200, 401, 401, 401]);
      expect(await answers(south)).toEqual([401, 200, 401, 401]);
    });
  }

  it('of the organization are asked for at the preprocess flow before it runs', async () => {
    const { integrationId, versionId } = await published('shared_instance', ORGANIZATION, OPTIONAL);
    const { _id } = await customerOf(versionId, 'east');
    await deploy(_id);
    expect(await post(integrationId, 'east', 'org')).toBe(200);
    const runs = () => system.deps.store.executions.countDocuments({ integrationId });
    const before = await runs();
    expect([await post(integrationId, 'east'), await post(integrationId, 'east', 'other')]).toEqual([
      401, 401,
    ]);
    expect(await runs()).toBe(before);
  });
});

describe('API keys at an address of one instance', () => {
  it('are the customer’s at the preprocess flow, too', async () => {
    const { versionId } = await published('instance_specific', REQUIRED, REQUIRED);
    const { _id } = await customerOf(versionId, 'west');
    expect(await lacking(_id)).toEqual(['flowConfigs.Sort', 'flowConfigs.One']);
    await setKeys(_id, { Sort: 'same', One: 'same' });
    await deploy(_id);
    expect([await post(_id, 'west', 'same'), await post(_id, 'west')]).toEqual([200, 401]);
    await setKeys(_id, { Sort: 'another' });
    expect([await post(_id, 'west', 'same'), await post(_id, 'west', 'another')]).toEqual([401, 401]);
  });
});
