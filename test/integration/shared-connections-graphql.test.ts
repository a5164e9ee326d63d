import { readFileSync } from 'node:fs';
import { createCustomer } from '../../src/services/customers/create-customer';
import { type Data, type GraphqlClient, graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';

let system: System;
let ask: GraphqlClient;
let connection: string;
let customer: string;

beforeAll(async () => {
  system = await startSystem({ worker: false });
  ask = graphqlClient(system, system.accessToken);
  const found = await data(
    '{ components(key: "http", first: 1) { nodes { connections(first: 20) { nodes { id key } } } } }',
  );
  const kinds = found['components']!['nodes']![0]!['connections']!['nodes'] as unknown as Record<
    string,
    string
  >[];
  connection = kinds.find(({ key }) => key === 'apiKey')!['id']!;
  customer = (await createCustomer(system.deps, system.ctx, { name: 'Buyer' }))._id;
});
afterAll(() => system?.stop());

async function data(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { body } = await ask(query, variables);
  expect(body.errors).toBeUndefined();
  return body.data!;
}

/** Sends a mutation; answers its payload. */
async function change(name: string, input: Record<string, unknown>, fields: string): Promise<Data> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const field = name.includes('Customer') ? 'customerConfigVariable' : 'scopedConfigVariable';
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) {
    ${field} { ${fields} } errors { field messages } } }`;
  return (await data(query, { input }))[name]!;
}

describe('shared connections by their public names', () => {
  it('are created, changed, listed, given to a customer, and deleted', async () => {
    const created = await change(
      'createScopedConfigVariable',
      {
        key: 'Shop',
        stableKey: 'shop',
        connection,
        managedBy: 'ORG',
        variableScope: 'customer',
        inputs: [{ name: 'authScheme', type: 'value', value: 'Bearer' }],
      },
      `id key stableKey description managedBy variableScope status customer { id }
       connection { key component { key public } } inputs { nodes { name value } }`,
    );
    expect(created).toMatchObject({
      errors: [],
      scopedConfigVariable: {
        key: 'Shop',
        stableKey: 'shop',
        managedBy: 'ORG',
        variableScope: 'CUSTOMER',
        status: null,
        customer: null,
        connection: { key: 'apiKey', component: { key: 'http', public: true } },
        inputs: { nodes: [{ name: 'apiKey', value: '' }, { name: 'headerKey' }, { value: 'Bearer' }] },
      },
    });
    const { id } = created['scopedConfigVariable'] as unknown as { id: string };
    const updated = await change(
      'updateScopedConfigVariable',
      { id, description: 'Orders' },
      'key description',
    );
    expect(updated).toMatchObject({ scopedConfigVariable: { key: 'Shop', description: 'Orders' } });

    const inputs = [{ name: 'apiKey', value: 's3cret-of-the-buyer' }];
    const given = await change(
      'createCustomerConfigVariable',
      { scopedConfigVariable: id, customer, inputs },
      'id status customer { name } scopedConfigVariable { stableKey } inputs { nodes { name value } }',
    );
    expect(given).toMatchObject({
      customerConfigVariable: {
        status: 'ACTIVE',
        customer: { name: 'Buyer' },
        scopedConfigVariable: { stableKey: 'shop' },
      },
    });
    expect(JSON.stringify(given)).not.toContain('s3cret');
    const own = (given['customerConfigVariable'] as unknown as { id: string }).id;
    const lists = await data(
      `query ($id: ID, $of: ID!) { customerConfigVariables(scopedConfigVariable: $id) { totalCount nodes { id } }
         scopedConfigVariable(id: $of) { customerConfigVariables { nodes { id } } } }`,
      { id, of: id },
    );
    expect(lists).toMatchObject({
      customerConfigVariables: { totalCount: 1, nodes: [{ id: own }] },
      scopedConfigVariable: { customerConfigVariables: { nodes: [{ id: own }] } },
    });
    const emptied = await change(
      'updateCustomerConfigVariable',
      { id: own, inputs: [{ name: 'apiKey', value: '' }] },
      'status statusReason',
    );
    expect(emptied).toMatchObject({
      customerConfigVariable: { status: 'PENDING', statusReason: 'Values are missing: apiKey.' },
    });
    await change('deleteCustomerConfigVariable', { id: own }, 'id');
    await change('deleteScopedConfigVariable', { id }, 'id');
    expect(await data('{ scopedConfigVariables { totalCount } }')).toEqual({
      scopedConfigVariables: { totalCount: 0 },
    });
  });

  it('name what is wrong by the names of this door', async () => {
    const wanted = { key: 'Shop', stableKey: 'wrong', connection, variableScope: 'org' };
    const wrong = async (rest: object) =>
      (await change('createScopedConfigVariable', { ...wanted, ...rest }, 'id'))['errors'];
    expect(await wrong({ key: '' })).toMatchObject([{ field: 'key' }]);
    expect(await wrong({ variableScope: 'user' })).toMatchObject([{ field: 'variableScope' }]);
    expect(await wrong({ inputs: [{ name: 'apiKey', type: 'template', value: '{{#x}}' }] })).toMatchObject([
      { field: 'inputs.0.type' },
    ]);
    expect(await wrong({ inputs: [{ name: 'none', value: 'x' }] })).toMatchObject([{ field: 'inputs.none' }]);
  });

  it('are found as the SDK’s generator of manifests asks for them', async () => {
    const created = { key: 'Mine', stableKey: 'of-http', connection, variableScope: 'org' };
    await change('createScopedConfigVariable', created, 'id');
    // Taken from the package, so that a changed query shows.
    const generator = readFileSync(
      require
        .resolve('@prismatic-io/spectral/package.json')
        .replace('package.json', 'dist/generators/cniComponentManifest/index.js'),
      'utf8',
    );
    const [query] = /query connectionStableKeysQuery[^`]*/.exec(generator) ?? [''];
    const keysOf = async (key: string, isPublic: boolean) =>
      (await data(query, { componentSelector: [{ key, isPublic }] }))['scopedConfigVariables'];
    expect(await keysOf('http', true)).toEqual({ nodes: [{ stableKey: 'of-http' }] });
    expect(await keysOf('http', false)).toEqual({ nodes: [] });
  });
});
