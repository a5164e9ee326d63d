import { codesOf } from '../../src/api/rest/endpoint';
import { ENDPOINTS } from '../../src/api/rest/routes';
import { ERRORS } from '../../src/errors';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { code, definition, step, stringVar, value } from '../support/definition-builder';
import { restCaller } from '../support/http';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const HELLO = definition(
  'Hello',
  [
    {
      name: 'Greet',
      steps: [
        code(
          'Greeting',
          'module.exports = async ({ configVars }) => ({ data: `hello ${configVars.Name}` });',
        ),
      ],
    },
  ],
  {
    requiredConfigVars: [stringVar('Name')],
    configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Name' }] }],
  },
);

interface Thing {
  id: string;
  items: Thing[];
  status: string;
  phase: string;
  output: unknown;
  name: string;
  webhookUrl: string;
  flowConfigId: string;
  executionId: string;
  message: string;
}

const globalIdOf = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

describe('the REST API', () => {
  let system: System;
  let rest: ReturnType<typeof restCaller>;

  beforeAll(async () => {
    system = await startSystem();
    rest = restCaller(system.apiUrl, system.accessToken);
  });
  afterAll(() => system?.stop());

  test('takes a definition from import to a finished execution', async () => {
    const customer = await rest<Thing>('POST', '/customers', {
      name: 'Harbour Books',
      externalId: 'harbour',
    });
    expect(customer.status).toBe(201);
    const integration = await rest<Thing>('POST', '/integrations/import', { definition: HELLO });
    expect(integration.status).toBe(200);
    const version = await rest<Thing>('POST', `/integrations/${integration.body.id}/publish`, {
      comment: 'first',
    });
    expect(version.status).toBe(201);
    const instance = await rest<Thing>('POST', '/instances', {
      name: 'Hello of Harbour',
      // As `prism` and GraphQL give them.
      integrationId: globalIdOf('Integration', integration.body.id),
      customerId: globalIdOf('Customer', customer.body.id),
    });
    expect(instance.status).toBe(201);
    const { id } = instance.body;
    const early = await rest<{ errors: { field: string }[] }>('POST', `/instances/${id}/deploy`, {});
    expect(early).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(JSON.stringify(early.body.errors)).toContain('Name');
    const put = await rest('PUT', `/instances/${id}/config-variables`, {
      configVariables: [{ key: 'Name', value: 'Harbour' }],
    });
    expect(put.status).toBe(200);
    expect((await rest('POST', `/instances/${id}/deploy`, {})).status).toBe(200);
    const flows = await rest<Thing>('GET', `/instances/${id}/flows`);
    const [flow] = flows.body.items;
    expect(flow?.webhookUrl).toMatch(/\/trigger\/[0-9a-f-]{36}$/);
    const tested = await rest<Thing>('POST', `/flow-configs/${flow!.id}/test`, { payload: '{}' });
    expect(tested.status).toBe(202);
    const executionId = tested.body.id;
    const ended = await until('the end', async () => {
      const found = await rest<Thing>('GET', `/executions/${executionId}`);
      return found.body.phase === 'ended' ? found.body : undefined;
    });
    const globalId = globalIdOf('InstanceExecutionResult', executionId);
    const same = await rest<Thing>('GET', `/executions/${encodeURIComponent(globalId)}`);
    expect(same.body.id).toBe(executionId);
    const ofInstance = encodeURIComponent(globalIdOf('Instance', id));
    const found = await rest<Thing>('GET', `/executions?instanceId=${ofInstance}`);
    expect(found.body.items.map((one) => one.id)).toContain(executionId);
    expect(ended).toMatchObject({ status: 'SUCCESS', resultType: 'COMPLETED', isTest: true });
    const steps = await rest<Thing>('GET', `/executions/${executionId}/steps`);
    expect(steps.body.items.map(({ name, output }) => [name, output]).at(-1)).toEqual([
      'Greeting',
      'hello Harbour',
    ]);
    const logs = await rest<Thing>('GET', `/executions/${executionId}/logs`);
    expect(logs.body.items.at(-1)?.message).toMatch(/^Ending Instance Execution/);
  });

  test('lists each fault of a definition with line, column and step, all at once, and stores nothing', async () => {
    const bad = definition('Bad', [
      {
        name: 'F',
        steps: [
          step('One', 'http.httpPots', { url: value('x') }),
          step('Two', 'nothing.here'),
          step('Three', 'log.writeLog', { message: { type: 'configVar', value: 'Nobody' } }),
        ],
      },
    ]);
    const answer = await rest<{ code: string; errors: { field: string; messages: string[] }[] }>(
      'POST',
      '/integrations/import',
      { definition: bad },
    );
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_definition' } });
    const text = JSON.stringify(answer.body.errors);
    for (const name of ['One', 'Two', 'Three', 'httpPots', 'nothing', 'line']) expect(text).toContain(name);
    expect(answer.body.errors.length).toBeGreaterThanOrEqual(3);
    const listed = await rest<Thing>('GET', '/integrations');
    expect(listed.body.items.map(({ name }) => name)).not.toContain('Bad');
  });

  test.each(['none', 'Bearer undefined', 'garbage'])(
    'answers 401 for a bad token (%s) on every protected operation',
    async (kind) => {
      const caller = restCaller(system.apiUrl, kind === 'none' ? undefined : kind.replace('Bearer ', ''));
      for (const { method, path, isPublic } of ENDPOINTS) {
        if (isPublic) continue;
        const answer = await caller(
          method.toUpperCase(),
          path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000'),
        );
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    },
  );

  test('another customer’s objects are not found, in lists neither', async () => {
    const [mine, theirs] = await Promise.all(
      ['Mine', 'Theirs'].map((name) => rest<Thing>('POST', '/customers', { name })),
    );
    const user = await aUser(system.deps, system.owner.organizationId, {
      role: 'customer_admin',
      customerId: mine!.body.id,
    });
    const asCustomer = restCaller(system.apiUrl, await issueAccessToken(system.deps, user));
    expect((await asCustomer('GET', `/customers/${theirs!.body.id}`)).status).toBe(404);
    const listed = await asCustomer<Thing>('GET', '/customers');
    expect(listed.body.items.map(({ id }) => id)).toEqual([mine!.body.id]);
    expect((await asCustomer('DELETE', `/customers/${mine!.body.id}`)).status).toBe(403);
    const instances = await asCustomer<Thing>('GET', '/instances');
    expect(instances.body.items).toEqual([]);
  });

  test('names every bad field at once, in path, query and body', async () => {
    const answer = await rest<{ errors: { field: string }[] }>('POST', '/customers', {
      name: 7,
      colour: 'red',
      labels: 'x',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ field }) => field).toSorted()).toEqual(['colour', 'labels', 'name']);
    const query = await rest<{ errors: { field: string }[] }>('GET', '/customers?first=0&nonsense=1');
    expect(query.body.errors.map(({ field }) => field).toSorted()).toEqual(['query.first', 'query.nonsense']);
    expect(JSON.stringify(query.body.errors)).toContain(
      'This field is not known here. Known are first, after',
    );
    expect((await rest('GET', '/customers/not-a-uuid')).status).toBe(400);
    expect(await rest('POST', '/customers', '{"name":')).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    expect(await rest('POST', '/customers', JSON.stringify({ name: 'x'.repeat(11_000_000) }))).toMatchObject({
      status: 413,
    });
  });

  test('a taken name is a conflict that names the field; an unknown operation is a 404 problem', async () => {
    await rest('POST', '/customers', { name: 'Twice' });
    const again = await rest<{ code: string }>('POST', '/customers', { name: 'Twice' });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(again.body)).toContain('name');
    const missing = { status: 404, body: { code: 'path_not_found' } };
    expect(await rest('GET', '/nothing-here')).toMatchObject(missing);
  });

  test('OpenAPI describes every mounted operation with every status it may answer', async () => {
    const { body } = await restCaller(system.apiUrl)<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    }>('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const endpoint of ENDPOINTS) {
      const { method, path, operationId, successStatus } = endpoint;
      const described = body.paths[path]?.[method];
      expect(described?.operationId).toBe(operationId);
      const statuses = codesOf(endpoint).map((code) => String(ERRORS[code].status));
      expect(Object.keys(described?.responses ?? {}).toSorted()).toEqual(
        [...new Set([String(successStatus), ...statuses])].toSorted(),
      );
    }
    const references = JSON.stringify(body).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(ENDPOINTS.length);
    for (const reference of new Set(references)) {
      const path = reference.slice('"$ref":"#/'.length, -1).split('/');
      const found = path.reduce<unknown>(
        (at, key) => (at as Record<string, unknown> | undefined)?.[key],
        body,
      );
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
    expect(new Set(ENDPOINTS.map(({ operationId }) => operationId)).size).toBe(ENDPOINTS.length);
  });

  test('says that it is ready while both servers answer, without a token', async () => {
    const caller = restCaller(system.apiUrl);
    expect(await caller('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { mongodb: 'ok', temporal: 'ok' },
    });
    expect((await caller('GET', '/health/live')).status).toBe(200);
  });
});
