import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { definition } from '../support/definition-builder';
import { type GraphqlClient, graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';

let system: System;
let ask: GraphqlClient;
let beforeAnyUpdate: string;

beforeAll(async () => {
  system = await startSystem({ worker: false });
  ask = graphqlClient(system, system.accessToken);
  const { deps, ctx } = system;
  const integrations = new Map<string, string>();
  for (const [name, category] of [
    ['Orders', 'Sales'],
    ['Invoices', 'Books'],
    ['Archive', 'Books and more'],
  ] as const) {
    const labels = name === 'Orders' ? ['first', 'Retail (EU)'] : [];
    const text = definition(name, [{ name: 'Main', steps: [] }], {
      category,
      labels,
      description: `Of ${name}.`,
    });
    const { _id: id } = await importIntegration(deps, ctx, { definition: text });
    integrations.set(name, (await publishIntegration(deps, ctx, { id }))._id);
  }
  await publishIntegration(deps, ctx, {
    id: (await deps.store.integrations.findOne({ name: 'Invoices' }).lean())!._id,
  });
  for (const name of ['Ants', 'Bees', 'Cows']) {
    const externalId = name === 'Cows' ? undefined : `ext.${name}`;
    const { _id: customerId } = await createCustomer(deps, ctx, {
      name,
      externalId,
      description: `They are ${name}.`,
      labels: name === 'Bees' ? ['fly'] : ['walk'],
    });
    const { _id: id } = await createInstance(deps, ctx, {
      name: `${name} run`,
      integrationId: integrations.get('Orders') ?? '',
      customerId,
      labels: [name.toLowerCase()],
    });
    if (name === 'Bees') await deployInstance(deps, ctx, { id });
  }
  beforeAnyUpdate = new Date().toISOString();
  await deps.store.instances.updateOne(
    { name: 'Cows run' },
    { $set: { updatedAt: new Date(Date.now() + 1000) } },
  );
});
afterAll(() => system?.stop());

/** Names in the list's order. */
async function names(list: string, args: string): Promise<string[]> {
  const { body } = await ask(`{ ${list}${args} { nodes { name } totalCount } }`);
  if (!body.data) throw new Error(JSON.stringify(body.errors));
  const { nodes, totalCount } = body.data[list] as unknown as {
    nodes: { name: string }[];
    totalCount: number;
  };
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ name }) => name);
}

test.each([
  ['(name: "Bees run")', ['Bees run']],
  ['(name: "Bees")', []],
  ['(name_Icontains: "S RU")', ['Ants run', 'Bees run', 'Cows run']],
  ['(customer_ExternalId: "ext.Ants")', ['Ants run']],
  ['(customer_ExternalId: "extxAnts")', []],
  ['(enabled: true)', ['Bees run']],
  ['(enabled: false)', ['Ants run', 'Cows run']],
  ['(needsDeploy: true)', ['Ants run', 'Cows run']],
  ['(globalDebug: true)', []],
  ['(labels_Contains: "ants")', ['Ants run']],
  ['(labels_Contains: "ant")', []],
  ['(labels_Icontains: "OW")', ['Cows run']],
  ['(createdAt_Gte: "2999-01-01T00:00:00Z")', []],
  ['(createdAt_Lte: "2999-01-01T00:00:00Z", enabled: true)', ['Bees run']],
  ['(orderBy: { field: NAME, direction: DESC })', ['Cows run', 'Bees run', 'Ants run']],
  [
    '(orderBy: { field: UPDATED_AT, direction: DESC }, first: 1, enabled: false, name: "Cows run")',
    ['Cows run'],
  ],
  [
    '(sortBy: [{ field: DESCRIPTION, direction: ASC }, { field: NAME, direction: DESC }])',
    ['Cows run', 'Bees run', 'Ants run'],
  ],
  ['(id_In: [])', []],
] as [string, string[]][])('instances%s', async (args, wanted) => {
  expect(await names('instances', args)).toEqual(wanted);
});

test('instances are found by their ids, and by when they were changed', async () => {
  const { body } = await ask('{ instances { nodes { id name } } }');
  const nodes = body.data?.['instances']?.['nodes'] as unknown as { id: string; name: string }[];
  const ids = nodes.filter(({ name }) => name !== 'Bees run').map(({ id }) => JSON.stringify(id));
  expect(await names('instances', `(id_In: [${ids.join(', ')}, null])`)).toEqual(['Ants run', 'Cows run']);
  expect(await names('instances', `(updatedAt_Gte: "${beforeAnyUpdate}")`)).toEqual(['Cows run']);
});

test('an order leads through all pages, each instance once', async () => {
  const seen: string[] = [];
  for (let after = ''; ; ) {
    const { body } = await ask(
      `query($after: String) { instances(first: 1, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
        nodes { name } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    const page = body.data?.['instances'];
    seen.push(String(page?.['nodes']?.[0]?.['name']));
    if (!page?.['pageInfo']?.['hasNextPage']) break;
    after = String(page['pageInfo']['endCursor']);
  }
  expect(seen[0]).toBe('Cows run');
  expect(seen.sort()).toEqual(['Ants run', 'Bees run', 'Cows run']);
});

test.each([
  ['(externalId: "ext.Bees")', ['Bees']],
  ['(externalId_Isnull: true)', ['Cows']],
  ['(externalId_Isnull: false)', ['Ants', 'Bees']],
  ['(name_Istartswith: "b")', ['Bees']],
  ['(name_Istartswith: "ees")', []],
  ['(description_Icontains: "ARE c")', ['Cows']],
  ['(labels_Contains: "walk")', ['Ants', 'Cows']],
  ['(isSystem: false, orderBy: { field: CREATED_AT, direction: DESC })', ['Cows', 'Bees', 'Ants']],
] as [string, string[]][])('customers%s', async (args, wanted) => {
  expect(await names('customers', args)).toEqual(wanted);
});

test.each([
  ['(category: "Books")', ['Invoices']],
  ['(category_Icontains: "books")', ['Archive', 'Invoices']],
  ['(labels_Icontains: "retail (e")', ['Orders']],
  ['(description_Icontains: "of a")', ['Archive']],
  ['(isCodeNative: false, name_Icontains: "o")', ['Invoices', 'Orders']],
  ['(isCodeNative: true)', []],
  ['(orderBy: { field: CATEGORY, direction: DESC })', ['Orders', 'Archive', 'Invoices']],
  ['(orderBy: { field: VERSION_NUMBER, direction: DESC })', ['Invoices', 'Archive', 'Orders']],
  ['(allVersions: true, category: "Books")', ['Invoices', 'Invoices', 'Invoices']],
] as [string, string[]][])('integrations%s', async (args, wanted) => {
  expect(await names('integrations', args)).toEqual(wanted);
});

test('an order that a list cannot have is refused with what it can', async () => {
  const { body } = await ask(
    '{ integrations(allVersions: true, orderBy: { field: CATEGORY, direction: ASC }) { nodes { id } } }',
  );
  expect(body).toMatchObject({
    data: null,
    errors: [{ message: expect.stringContaining('ordered by name'), extensions: { code: 'invalid_input' } }],
  });
});

test('the list of an organization’s instances is read along an index, in its order', async () => {
  const { organizationId } = system.ctx.actor;
  for (const sort of [
    { name: 1, _id: 1 },
    { updatedAt: -1, name: 1, _id: 1 },
  ] as const) {
    const { queryPlanner } = (await system.deps.store.instances
      .find({ $and: [{ $and: [{ organizationId, isSystem: false }] }] })
      .sort(sort)
      .explain('queryPlanner')) as unknown as { queryPlanner: { winningPlan: unknown } };
    const plan = JSON.stringify(queryPlanner.winningPlan);
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toContain('SORT');
  }
});

test.each([
  ['too long', 'a'.repeat(5000)],
  ['of code 0', 'a\0'],
])('texts that the database cannot look for are the caller’s mistake: %s', async (_, text) => {
  for (const list of ['customers(name_Icontains: $text)', 'logs(message_Icontains: $text)']) {
    const { status, body } = await ask(`query ($text: String) { ${list} { nodes { id } } }`, { text });
    expect(body.errors?.[0]?.extensions.code).toBe('invalid_input');
    expect(status).toBeLessThan(500);
  }
});
