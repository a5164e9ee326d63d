import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { presetDefinition } from '../support/connection-template';
import { type Data, type GraphqlClient, graphqlClient } from '../support/graphql-client';
import { anInstanceOf } from '../support/shared-connection';
import { type System, startSystem } from '../support/system';

let system: System;
let ask: GraphqlClient;
/** Ids of kinds of connection of the HTTP component. */
let kinds: Record<string, string>;

beforeAll(async () => {
  system = await startSystem({ worker: false });
  ask = graphqlClient(system, system.accessToken);
  const found = await data(
    '{ components(key: "http", first: 1) { nodes { connections(first: 20) { nodes { id key } } } } }',
  );
  const nodes = found['components']!['nodes']![0]!['connections']!['nodes'] as unknown as Record<
    string,
    string
  >[];
  kinds = Object.fromEntries(nodes.map(({ key, id }) => [key, id]));
});
afterAll(() => system?.stop());

async function data(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { body } = await ask(query, variables);
  expect(body.errors).toBeUndefined();
  return body.data!;
}

/** Sends a mutation; answers its payload. */
async function change(what: string, input: Record<string, unknown>, fields = 'id'): Promise<Data> {
  const query = `mutation ($input: ${what}ConnectionTemplateInput!) {
    ${what.toLowerCase()}ConnectionTemplate(input: $input) {
      connectionTemplate { ${fields} } errors { field messages } } }`;
  return (await data(query, { input }))[`${what.toLowerCase()}ConnectionTemplate`]!;
}

const create = async (name: string, presets: Record<string, string> = {}, kind = 'apiKey') => {
  const input = {
    connection: kinds[kind],
    name,
    presets: Object.entries(presets).map(([key, value]) => ({ key, value })),
  };
  const { connectionTemplate } = await change('Create', input);
  return (connectionTemplate as unknown as { id: string }).id;
};

describe('presets of connections by their public names', () => {
  it('are created, changed, deployed with and deleted', async () => {
    const { deps, ctx } = system;
    const shown = `id name templatedInputKeys hasDeployedInstances allowUpdate allowRemove
      connection { key component { key public } }
      instances { totalCount nodes { name } }
      inputFieldTemplates { totalCount nodes { id value inputField { key type } connectionTemplate { name } } }`;
    const created = await change(
      'Create',
      {
        connection: kinds['apiKey'],
        name: 'Acme',
        presets: [
          { key: 'apiKey', value: 's3cret' },
          { key: 'authScheme', value: 'Bearer' },
        ],
      },
      shown,
    );
    expect(created).toMatchObject({
      errors: [],
      connectionTemplate: {
        name: 'Acme',
        templatedInputKeys: ['apiKey', 'authScheme'],
        hasDeployedInstances: false,
        allowUpdate: true,
        allowRemove: true,
        connection: { key: 'apiKey', component: { key: 'http', public: true } },
        instances: { totalCount: 0, nodes: [] },
        inputFieldTemplates: {
          totalCount: 2,
          nodes: [
            { inputField: { key: 'apiKey', type: 'PASSWORD' }, value: expect.stringMatching(/^•+$/) },
            { inputField: { key: 'authScheme' }, value: 'Bearer', connectionTemplate: { name: 'Acme' } },
          ],
        },
      },
    });
    const { id } = created['connectionTemplate'] as unknown as { id: string };
    const changed = await change(
      'Update',
      { id, connection: kinds['apiKey'], presets: [{ key: 'authScheme', value: '' }] },
      shown,
    );
    expect(changed).toMatchObject({
      errors: [],
      connectionTemplate: { name: 'Acme', templatedInputKeys: ['apiKey'] },
    });

    const instance = await anInstanceOf(system, presetDefinition('Acme'));
    await deployInstance(deps, ctx, { id: instance.id });
    const { name } = await getInstance(deps, ctx, { id: instance.id });
    const query = `query ($id: ID!, $instance: ID!) {
      connectionTemplate(id: $id) { ${shown} }
      instance(id: $instance) { configState configVariables { nodes {
        requiredConfigVariable { key connectionTemplate { id name } } } } } }`;
    expect(await data(query, { id, instance: instance.id })).toMatchObject({
      connectionTemplate: {
        hasDeployedInstances: true,
        allowUpdate: true,
        allowRemove: false,
        instances: { totalCount: 1, nodes: [{ name }] },
      },
      instance: {
        configState: 'FULLY_CONFIGURED',
        configVariables: {
          nodes: [{ requiredConfigVariable: { key: 'Shop', connectionTemplate: { id, name: 'Acme' } } }],
        },
      },
    });
    expect(await change('Delete', { id })).toMatchObject({
      connectionTemplate: null,
      errors: [{ field: '__all__', messages: [expect.stringContaining(name)] }],
    });
    const unused = await create('Unused');
    expect(await change('Delete', { id: unused })).toMatchObject({ errors: [] });
    expect(
      (await ask('query ($id: ID!) { connectionTemplate(id: $id) { id } }', { id: unused })).body,
    ).toMatchObject({
      errors: [{ extensions: { code: 'not_found' } }],
    });
  });

  it('are listed by kind, part of the name and order, page by page', async () => {
    for (const name of ['List b', 'List a', 'List c']) await create(name);
    await create('List d', {}, 'basic');
    const names = async (args: string) => {
      const { connectionTemplates } = await data(`{ connectionTemplates(${args}) {
        totalCount pageInfo { hasNextPage endCursor } nodes { name } } }`);
      const { nodes } = connectionTemplates as unknown as { nodes: { name: string }[] };
      return { names: nodes.map(({ name }) => name), ...(connectionTemplates as object) };
    };
    expect(await names('name_Icontains: "lisT"')).toMatchObject({
      names: ['List a', 'List b', 'List c', 'List d'],
      totalCount: 4,
    });
    const ofKind = `name_Icontains: "list", connectionId: "${kinds['apiKey']}"`;
    expect((await names(`${ofKind}, sortBy: [{ field: NAME, direction: DESC }]`)).names).toEqual([
      'List c',
      'List b',
      'List a',
    ]);
    const first = (await names(
      `${ofKind}, first: 2, orderBy: { field: NAME, direction: ASC }`,
    )) as unknown as {
      names: string[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    expect([first.names, first.pageInfo.hasNextPage]).toEqual([['List a', 'List b'], true]);
    expect((await names(`${ofKind}, first: 2, after: "${first.pageInfo.endCursor}"`)).names).toEqual([
      'List c',
    ]);

    const { components } = await data(`{ organization { allowAddConnectionTemplate }
      components(key: "http", first: 1) { nodes { connections(first: 20) { nodes {
        key templates(name_Icontains: "list", first: 5) { nodes { name } } } } } } }`);
    const [http] = components!['nodes'] as unknown as Data[];
    const connections = http!['connections']!['nodes'] as unknown as { key: string; templates: Data }[];
    expect(connections.find(({ key }) => key === 'basic')?.templates).toEqual({
      nodes: [{ name: 'List d' }],
    });
  });

  it('name what is wrong by the names of this door', async () => {
    const wanted = { connection: kinds['apiKey'], name: 'Wrong', presets: [] };
    const wrong = async (rest: object) => (await change('Create', { ...wanted, ...rest }))['errors'];
    await create('Taken');
    expect(
      await wrong({
        name: 'Taken',
        presets: [
          { key: 'none', value: 'x' },
          { key: 'apiKey', value: 'x' },
          { key: 'apiKey', value: 'x' },
        ],
      }),
    ).toMatchObject([{ field: 'name' }, { field: 'presets.none' }, { field: 'presets.apiKey' }]);
    expect(await wrong({ name: 'Taken' })).toMatchObject([{ field: 'name' }]);
    expect(await wrong({ name: '' })).toMatchObject([{ field: 'name' }]);
    const unknown = (text: string) => Buffer.from(`Connection:${text}`).toString('base64');
    expect(await wrong({ connection: unknown('00000000-0000-0000-0000-000000000000/apiKey') })).toMatchObject(
      [{ field: 'connection' }],
    );
    const [componentId] = Buffer.from(kinds['apiKey']!, 'base64')
      .toString()
      .slice('Connection:'.length)
      .split('/');
    expect(await wrong({ connection: unknown(`${componentId}/none`) })).toMatchObject([
      { field: 'connection' },
    ]);
    const id = await create('Stays');
    expect((await change('Update', { id, connection: kinds['basic'] }))['errors']).toMatchObject([
      { field: 'connection' },
    ]);
  });
});
