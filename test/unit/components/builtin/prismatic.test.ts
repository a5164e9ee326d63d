import { buildSchema, parse, validate } from 'graphql';
import { typeDefs } from '../../../../src/api/graphql/schema/index';
import prismatic from '../../../../src/components/builtin/prismatic';
import { callAction } from './call-component';
import { type Reply, type Seen, startServer } from './http-server';

const call = callAction(prismatic);
const schema = buildSchema(typeDefs);
const JWT = 'aaa.bbb.ccc';
const connection = (fields: Record<string, string>) => ({ key: 'apiKey', configVarKey: 'Our API', fields });
const sent = ({ body }: Seen) =>
  JSON.parse(body.toString()) as { query: string; variables: Record<string, unknown> };
const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Runs an action against a server that answers as it is told; the API is found by the webhook address. */
async function run(
  key: string,
  params: Record<string, unknown>,
  answer: (seen: Seen, count: number) => Reply = () => json({ data: { ok: 1 } }),
  fields: Record<string, string> = { apiKey: JWT },
) {
  const server = await startServer(answer);
  const context = { webhookUrls: { A: `${server.url}/trigger/abc` } };
  try {
    const outcome = await call(key, { connection: connection(fields), ...params }, context).catch(
      (error: Error) => error,
    );
    return { outcome, seen: server.seen };
  } finally {
    await server.close();
  }
}

describe('rawRequest', () => {
  it('sends the document to the API of this server and gives its answer below data twice', async () => {
    const { outcome, seen } = await run('rawRequest', { query: '{ x }', variables: '' }, () =>
      json({ data: { x: { id: 1 } }, errors: [{ message: 'half' }] }),
    );
    expect(outcome).toEqual({ data: { data: { data: { x: { id: 1 } }, errors: [{ message: 'half' }] } } });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/api',
      headers: { authorization: `Bearer ${JWT}`, 'content-type': 'application/json' },
    });
  });

  it('gives variables the types that the document declares', async () => {
    const query = `query q($limit: Int, $cursor: String, $id: ID!, $on: Boolean, $ids: [ID], $none: Int, $rate: Float) { x }`;
    const variables = [
      { key: 'limit', value: '10' },
      { key: 'cursor', value: '0' },
      { key: 'id', value: 5 },
      { key: 'on', value: 'true' },
      { key: 'ids', value: '["a"]' },
      { key: 'none', value: '' },
      { key: 'rate', value: '0.5' },
      { key: '', value: '' },
      { key: 'extra', value: { a: '1' } },
    ];
    const { seen } = await run('rawRequest', { query, variables });
    expect(sent(seen[0]!)).toEqual({
      query,
      variables: {
        limit: 10,
        cursor: '0',
        id: 5,
        on: true,
        ids: ['a'],
        none: null,
        rate: 0.5,
        extra: { a: '1' },
      },
    });
  });

  it('fails with the words of a server that refuses the document', async () => {
    const { outcome } = await run('rawRequest', { query: '{ y }' }, () =>
      json({ errors: [{ message: 'Cannot query field "y"' }] }, 400),
    );
    expect(outcome).toMatchObject({ message: 'The API refuses the request: Cannot query field "y"' });
    const down = await run('rawRequest', { query: '{ y }' }, () => ({ status: 502, body: 'bad gateway' }));
    expect(down.outcome).toMatchObject({
      message: expect.stringMatching(/status 502: bad gateway/) as string,
    });
  });

  it('names the input that is missing', async () => {
    await expect(call('rawRequest', { connection: connection({ apiKey: JWT }), query: ' ' })).rejects.toThrow(
      'Query or Mutation is empty.',
    );
    await expect(call('rawRequest', { query: '{ x }' })).rejects.toThrow(/^Connection is empty/);
    expect((await run('rawRequest', { query: '{ x }' }, undefined, { apiKey: '' })).outcome).toMatchObject({
      message: 'Connection "Our API" holds no token.',
    });
  });
});

describe('tokens', () => {
  it('marks the connection when the token is refused', async () => {
    const { outcome, seen } = await run('getCurrentUser', {}, ({ url }) =>
      url === '/api' ? json({ errors: [{ message: 'no' }] }, 401) : { status: 404 },
    );
    expect(outcome).toMatchObject({
      message: 'The token of connection "Our API" gives no access: it is refused.',
      connection: { configVarKey: 'Our API' },
    });
    expect(seen.map(({ url }) => url)).toEqual(['/api', '/auth/meta']);
  });

  it('goes to the endpoint of the connection when it names one', async () => {
    const server = await startServer(() => json({ data: {} }));
    try {
      const given = connection({ apiKey: JWT, endpoint: `${server.url}/api/` });
      await call('getCurrentUser', { connection: given }, { webhookUrls: {} });
      expect(server.seen.map(({ url }) => url)).toEqual(['/api']);
    } finally {
      await server.close();
    }
  });
});

describe('named actions', () => {
  const ids = {
    instanceId: 'i1',
    integrationId: 'g1',
    customerId: 'c1',
    executionId: 'e1',
    flowId: 'f1',
    definition: 'name: X',
  };

  it.each(Object.keys(prismatic.actions).filter((key) => key !== 'rawRequest'))(
    '%s sends a document that this server knows',
    async (key) => {
      const { outcome, seen } = await run(key, ids);
      expect(outcome).toEqual({ data: { data: { data: { ok: 1 } } } });
      expect(validate(schema, parse(sent(seen[0]!).query)).map(({ message }) => message)).toEqual([]);
    },
  );

  it('sends only the arguments that are given', async () => {
    const { seen } = await run('listInstances', {
      first: '5',
      nameContains: 'a',
      enabled: '',
      customer: 'c1',
    });
    const { query, variables } = sent(seen[0]!);
    expect(query).toContain('instances(first: $first, name_Icontains: $nameContains, customer: $customer)');
    expect(variables).toEqual({ first: 5, nameContains: 'a', customer: 'c1' });
    expect(validate(schema, parse(query))).toEqual([]);
  });

  it('leaves mistakes of a mutation in its result, and fails with errors of the document', async () => {
    const mistakes = { data: { deployInstance: { errors: [{ messages: ['not configured'] }] } } };
    const { outcome, seen } = await run('deployInstance', ids, () => json(mistakes));
    expect(outcome).toEqual({ data: { data: mistakes } });
    expect(sent(seen[0]!).variables).toEqual({ input: { id: 'i1' } });
    const failed = await run('getInstance', ids, () =>
      json({ data: { instance: null }, errors: [{ message: 'not allowed' }] }),
    );
    expect(failed.outcome).toMatchObject({ message: 'The API reports: not allowed' });
  });

  it('names the id that is missing', async () => {
    const given = { connection: connection({ apiKey: JWT }), instanceId: '' };
    await expect(call('deployInstance', given)).rejects.toThrow('Instance Id is empty.');
  });
});
