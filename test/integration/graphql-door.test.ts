import { randomUUID } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { MAX_COST, MAX_DEPTH, MAX_TOKENS } from '../../src/api/graphql/limits';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createCustomer } from '../../src/services/customers/create-customer';
import { type GraphqlClient, graphqlClient, postGraphql } from '../support/graphql-client';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';

let system: System;
let ask: GraphqlClient;

beforeAll(async () => {
  system = await startSystem({ worker: false });
  ask = graphqlClient(system, system.accessToken);
});

afterAll(() => system?.stop());

describe('who may ask', () => {
  const query = '{ customers { nodes { id } } }';

  test.each([
    ['no header', null],
    ['the literal undefined', 'Bearer undefined'],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['text that is no token', 'Bearer abc'],
  ])('%s is answered 401 without data', async (_, authorization) => {
    const { status, headers, body } = await postGraphql(system, { query }, authorization);
    expect({ status, code: body.errors?.[0]?.extensions.code }).toEqual({
      status: 401,
      code: 'unauthenticated',
    });
    expect(body).not.toHaveProperty('data');
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  test('an expired token, a revoked one, and one of a deleted user are answered 401', async () => {
    const { deps, ctx } = system;
    const user = await aUser(deps, ctx.actor.organizationId, { role: 'admin' });
    const [expired, valid] = [await issueAccessToken(deps, user, -1), await issueAccessToken(deps, user, 60)];
    const statusOf = async (token: string) => (await graphqlClient(system, token)(query)).status;
    expect(await statusOf(expired)).toBe(401);
    expect(await statusOf(valid)).toBe(200);
    await deps.store.users.updateOne({ _id: user._id }, { $inc: { tokenGeneration: 1 } });
    expect(await statusOf(valid)).toBe(401);
    await deps.store.users.deleteOne({ _id: user._id });
    expect(await statusOf(await issueAccessToken(deps, user, 60))).toBe(401);
  });

  test('the word Bearer may be written in any letter case', async () => {
    const { status } = await postGraphql(system, { query }, `bearer ${system.accessToken}`);
    expect(status).toBe(200);
  });
});

describe('requests', () => {
  test('the operation is chosen by its name only if the request names one', async () => {
    const two = 'query a { authenticatedUser { id } } query b { authenticatedUser { email } }';
    const bearer = `Bearer ${system.accessToken}`;
    const named = await postGraphql(system, { query: two, operationName: 'b' }, bearer);
    expect(named.body.data).toEqual({ authenticatedUser: { email: 'owner@acme.test' } });
    const unnamed = await postGraphql(system, { query: two }, bearer);
    expect(unnamed).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'invalid_input' } }] },
    });
  });

  test('an empty cursor is the start, null means no filter, variables that nobody declared are ignored', async () => {
    const query = `query ($after: String, $public: Boolean, $key: String) {
      components(after: $after, public: $public, key: $key) { nodes { key } }
    }`;
    const { body } = await ask(query, { after: '', public: null, key: null, unknown: 1 });
    expect(body.errors).toBeUndefined();
    expect(body.data?.['components']?.['nodes']?.length).toBeGreaterThan(5);
  });

  test('the texts "true" and "false" count for Boolean variables, other texts do not', async () => {
    const query = 'query ($public: Boolean) { components(public: $public) { nodes { key } } }';
    const [yes, no, bad] = await Promise.all(
      ['true', 'false', 'yes'].map((text) => ask(query, { public: text })),
    );
    expect(yes?.body.data?.['components']?.['nodes']?.length).toBeGreaterThan(5);
    expect(no?.body.data).toEqual({ components: { nodes: [] } });
    expect(bad?.status).toBe(400);
  });

  test('bad documents, bad bodies and bad variables are answered 400 with every fault', async () => {
    const bearer = `Bearer ${system.accessToken}`;
    const unknown = await ask('{ customers { nodes { nmae } } nothing }');
    expect(unknown.status).toBe(400);
    expect(unknown.body.errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining('nmae'),
      expect.stringContaining('nothing'),
    ]);
    expect((await ask('{ customers {')).body.errors?.[0]?.message).toMatch(/Syntax Error/);
    for (const body of [{}, [], { query: 1 }, { query: '{ __typename }', variables: 'x' }]) {
      expect(await postGraphql(system, body, bearer)).toMatchObject({ status: 400 });
    }
  });

  test('other methods are answered 405', async () => {
    const response = await fetch(`${system.apiUrl}/api`);
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'POST',
    });
  });

  test('the schema can be read as tools read it', async () => {
    const { status, body } = await ask(getIntrospectionQuery());
    expect(status).toBe(200);
    const schema = buildClientSchema(body.data as unknown as IntrospectionQuery);
    expect(schema.getQueryType()?.name).toBe('RootQuery');
  });
});

describe('errors', () => {
  test('data is null as a whole when a root field failed', async () => {
    const id = Buffer.from(`Customer:${randomUUID()}`).toString('base64');
    const { status, body } = await ask(`{ authenticatedUser { id } customer(id: "${id}") { name } }`);
    expect(status).toBe(200);
    expect(body.data).toBeNull();
    expect(body.errors).toMatchObject([{ path: ['customer'], extensions: { code: 'not_found' } }]);
  });

  test('what breaks inside is answered 500 with a request id and nothing more', async () => {
    const broken = { _id: randomUUID(), organizationId: system.ctx.actor.organizationId, name: 'No dates' };
    await system.deps.store.customers.collection.insertOne(broken as never);
    const { status, body } = await ask('{ customers { nodes { name createdAt } } }');
    await system.deps.store.customers.deleteOne({ _id: broken._id });
    expect({ status, data: body.data }).toEqual({ status: 500, data: null });
    const [error] = body.errors ?? [];
    expect(error?.extensions.code).toBe('internal');
    expect(error?.message).toContain(error?.extensions.requestId);
    expect(error?.message).not.toMatch(/null|createdAt/);
  });

  test('mistakes in a mutation come back in its errors, with the object null', async () => {
    const mutation = `mutation ($input: CreateCustomerInput!) {
      createCustomer(input: $input) { customer { id } clientMutationId errors { field messages } }
    }`;
    const { status, body } = await ask(mutation, { input: { name: '  ', clientMutationId: 'mine' } });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(body.data).toEqual({
      createCustomer: {
        customer: null,
        clientMutationId: 'mine',
        errors: [{ field: 'name', messages: ['A customer needs a name.'] }],
      },
    });
  });

  test('a refusal of the role, a taken name and a missing object are such mistakes too', async () => {
    const { deps, ctx } = system;
    const guest = await aUser(deps, ctx.actor.organizationId, { role: 'guest' });
    const askAsGuest = graphqlClient(system, await issueAccessToken(deps, guest));
    const create =
      'mutation { createCustomer(input: { name: "Twice" }) { customer { id } errors { field messages } } }';
    const failed = { customer: null, errors: [{ messages: [expect.any(String)] }] };
    expect((await askAsGuest(create)).body.data).toMatchObject({ createCustomer: failed });
    expect((await ask(create)).body.data).toMatchObject({ createCustomer: { errors: [] } });
    expect((await ask(create)).body.data).toMatchObject({
      createCustomer: { customer: null, errors: [{ field: 'name' }] },
    });
    const remove = `mutation { deleteCustomer(input: { id: "${randomUUID()}" }) { customer { id } errors { field messages } } }`;
    expect((await ask(remove)).body.data).toMatchObject({ deleteCustomer: failed });
  });
});

describe('limits', () => {
  const nested = (levels: number): string =>
    levels === 0 ? 'id' : `instances { nodes { customer { ${nested(levels - 1)} } } }`;

  test('a document that is nested too deeply is refused, naming the limit', async () => {
    const { status, body } = await ask(`{ customers { nodes { ${nested(6)} } } }`);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(new RegExp(`limit of depth is ${MAX_DEPTH}`));
  });

  test('a document that asks for too much is refused, naming the limit', async () => {
    const { status, body } = await ask(`{ customers(first: 100) { nodes { ${nested(2)} } } }`);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(new RegExp(`limit of cost is ${MAX_COST}`));
  });

  test('page sizes in variables and their defaults count', async () => {
    const query = (size: number) => `query ($first: Int = ${size}) {
      customers(first: $first) { nodes { instances(first: $first) { nodes { executionResults(first: $first) { nodes { id } } } } } }
    }`;
    expect((await ask(query(2))).status).toBe(200);
    expect((await ask(query(100))).status).toBe(400);
    expect((await ask(query(2), { first: 100 })).status).toBe(400);
  });

  test('fragments that multiply are refused without walking through all of them', async () => {
    const levels = Array.from({ length: 5 }, (_, at) => {
      const inner = `instances(first: 1) { nodes { customer { ...c${at + 1} } } }`;
      return `fragment c${at} on Customer { ${repeated(20, (i) => `i${i}: ${inner}`)} }`;
    });
    const startedMs = Date.now();
    const leaf = 'fragment c5 on Customer { id }';
    const { status, body } = await ask(`{ customers { nodes { ...c0 } } } ${levels.join(' ')} ${leaf}`);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(/limit of/);
    expect(Date.now() - startedMs).toBeLessThan(2000);
  });

  test('a document of too many words is refused', async () => {
    const { status, body } = await ask(`{ ${'authenticatedUser { id } '.repeat(MAX_TOKENS / 4 + 1)} }`);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(new RegExp(String(MAX_TOKENS)));
  });
});

function repeated(times: number, make: (at: number) => string): string {
  return Array.from({ length: times }, (_, at) => make(at)).join(' ');
}

describe('ids', () => {
  test('a bare UUID is taken as well as a global id, an id of another type is not', async () => {
    const customer = await createCustomer(system.deps, system.ctx, { name: `Ids ${randomUUID()}` });
    const query = 'query ($id: ID!) { customer(id: $id) { id name } }';
    const { body } = await ask(query, { id: customer._id });
    const globalId = String(body.data?.['customer']?.['id']);
    expect(Buffer.from(globalId, 'base64').toString()).toBe(`Customer:${customer._id}`);
    expect((await ask(query, { id: globalId })).body.data).toEqual(body.data);
    for (const id of [Buffer.from(`Instance:${customer._id}`).toString('base64'), 'nonsense', '']) {
      const refused = await ask(query, { id });
      expect(refused.body).toMatchObject({ data: null, errors: [{ extensions: { code: 'not_found' } }] });
    }
  });
});
