import { randomUUID } from 'node:crypto';
import { ENDPOINTS } from '../../src/api/rest/routes';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createInstance } from '../../src/services/instances/create-instance';
import type { Role } from '../../src/store/models/user.model';
import { code, definition, step, stringVar, value } from '../support/definition-builder';
import { restCaller, seenAnswers } from '../support/http';
import { publishPackage } from '../support/published-packages';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const large = 'module.exports = async () => ({ data: "x".repeat(200000) });';
const medium = 'module.exports = async () => ({ data: "y".repeat(40000) });';
const bytes = 'module.exports = async () => ({ data: Buffer.from([1, 2, 255]) });';
const DEFINITION = definition(
  'Operations',
  [
    { name: 'Run', steps: [code('Large', large), code('Medium', medium), code('Bytes', bytes)] },
    { name: 'Wait', steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
  ],
  {
    requiredConfigVars: [
      {
        ...stringVar('Region', 'north'),
        dataSource: { key: 'runCodeString', component: { key: 'code', isPublic: true, version: 'LATEST' } },
        inputs: { code: value('module.exports = async () => ({ result: "east" })') },
      },
      stringVar('Nick'),
    ],
    configPages: [
      { name: 'Setup', elements: [{ type: 'configVar', value: 'Region' }] },
      { name: 'You', userLevelConfigured: true, elements: [{ type: 'configVar', value: 'Nick' }] },
    ],
  },
);

const SHARED = {
  stableKey: 'shop',
  name: 'Shop',
  component: { key: 'http', isPublic: true },
  connection: 'apiKey',
  managedBy: 'customer',
  variableScope: 'customer',
};

const PRESET = { name: 'Acme', component: { key: 'http', isPublic: true }, connection: 'apiKey' };

interface Listed {
  items: { id: string; name: string; key: string; output: unknown; outputBytes: number; outputUrl: string }[];
  endCursor: string;
  hasNextPage: boolean;
}
interface Named {
  id: string;
}
interface Fault {
  code: string;
  detail: string;
  errors: { field: string }[];
}

/** Two customers with an instance each, and a finished test execution of the first one's. */
describe('every REST operation', () => {
  let system: System;
  let rest: ReturnType<typeof restCaller>;
  let ids: {
    customer: string;
    integration: string;
    instance: string;
    flow: string;
    execution: string;
    user: string;
    shared: string;
    values: string;
    preset: string;
    onPremise: string;
    profile: string;
  };
  let otherCustomer: string;
  let component: string;

  const as = async (role: Role, customerId?: string) => {
    const wanted = { role, ...(customerId !== undefined && { customerId }) };
    const user = await aUser(system.deps, system.owner.organizationId, wanted);
    return restCaller(system.apiUrl, await issueAccessToken(system.deps, user));
  };

  beforeAll(async () => {
    system = await startSystem();
    rest = restCaller(system.apiUrl, system.accessToken);
    const customer = await rest<Named>('POST', '/customers', { name: 'First' });
    const other = await rest<Named>('POST', '/customers', { name: 'Second' });
    otherCustomer = other.body.id;
    await publishPackage(system, { key: 'published' });
    const published = await rest<Listed>('GET', '/components?key=published');
    component = published.body.items[0]!.id;
    const integration = await rest<Named>('POST', '/integrations/import', { definition: DEFINITION });
    await rest('POST', `/integrations/${integration.body.id}/publish`);
    const instance = await rest<Named>('POST', '/instances', {
      name: 'Subject',
      customerId: customer.body.id,
      integrationId: integration.body.id,
    });
    await rest('POST', `/instances/${instance.body.id}/deploy`);
    const flows = await rest<Listed>('GET', `/instances/${instance.body.id}/flows`);
    const flow = flows.body.items.find(({ name }) => name === 'Run')!.id;
    const execution = await rest<Named>('POST', `/flow-configs/${flow}/test`, {});
    const user = await rest<Named>('POST', `/instances/${instance.body.id}/user-configs`, {
      externalId: 'u-1',
    });
    const shared = await rest<Named>('POST', '/shared-connections', SHARED);
    const values = await rest<Named>('POST', '/customer-connections', {
      sharedConnectionId: shared.body.id,
      customerId: customer.body.id,
      inputs: [{ name: 'apiKey', value: 'k' }],
    });
    const preset = await rest<Named>('POST', '/connection-templates', PRESET);
    const profile = await rest<Named>('POST', '/instance-profiles', { name: 'Large' });
    const onPremise = await rest<{ resource: Named }>('POST', '/on-premise-resources', {
      customerId: customer.body.id,
    });
    ids = {
      onPremise: onPremise.body.resource.id,
      profile: profile.body.id,
      preset: preset.body.id,
      customer: customer.body.id,
      integration: integration.body.id,
      instance: instance.body.id,
      flow,
      execution: execution.body.id,
      user: user.body.id,
      shared: shared.body.id,
      values: values.body.id,
    };
    await until('the end of the execution', async () => {
      const found = await rest<{ phase: string }>('GET', `/executions/${ids.execution}`);
      return found.body.phase === 'ended';
    });
  });
  afterAll(() => system?.stop());

  /** Operations on an object, with an address that finds one and a body that would be taken. */
  const onObjects = (): [method: string, path: string, body?: unknown][] => [
    ['GET', `/customers/${ids.customer}`],
    ['PATCH', `/customers/${ids.customer}`, { description: 'x' }],
    ['DELETE', `/customers/${ids.customer}`],
    ['GET', `/instances/${ids.instance}`],
    ['PATCH', `/instances/${ids.instance}`, { labels: ['x'] }],
    ['POST', `/instances/${ids.instance}/deploy`],
    ['POST', `/instances/${ids.instance}/enable`],
    ['POST', `/instances/${ids.instance}/disable`],
    ['GET', `/instances/${ids.instance}/config-variables`],
    ['PUT', `/instances/${ids.instance}/config-variables`, { configVariables: [] }],
    ['POST', `/instances/${ids.instance}/config-variables/Region/content`],
    ['GET', `/instances/${ids.instance}/flows`],
    ['GET', `/instances/${ids.instance}/user-configs`],
    ['POST', `/instances/${ids.instance}/user-configs`, { externalId: 'u-2' }],
    ['GET', `/user-configs/${ids.user}`],
    ['PATCH', `/user-configs/${ids.user}`, { name: 'x' }],
    ['DELETE', `/user-configs/${ids.user}`],
    ['GET', `/customer-connections/${ids.values}`],
    ['PATCH', `/customer-connections/${ids.values}`, { inputs: [] }],
    ['DELETE', `/customer-connections/${ids.values}`],
    ['GET', `/on-premise-resources/${ids.onPremise}`],
    ['POST', `/on-premise-resources/${ids.onPremise}/rotate-token`],
    ['DELETE', `/on-premise-resources/${ids.onPremise}`],
    ['DELETE', `/instances/${ids.instance}`],
    ['POST', `/flow-configs/${ids.flow}/test`, {}],
    ['GET', `/executions/${ids.execution}`],
    ['GET', `/executions/${ids.execution}/steps`],
    ['GET', `/executions/${ids.execution}/step-output?path=0`],
    ['GET', `/executions/${ids.execution}/logs`],
    ['POST', `/executions/${ids.execution}/hold`],
    ['POST', `/executions/${ids.execution}/resume`],
    ['POST', `/executions/${ids.execution}/cancel`],
  ];
  const onIntegrations = (): [method: string, path: string, body?: unknown][] => [
    ['GET', `/integrations/${ids.integration}`],
    ['GET', `/integrations/${ids.integration}/export`],
    ['GET', `/integrations/${ids.integration}/versions`],
    ['GET', `/integrations/${ids.integration}/flows`],
    ['POST', `/integrations/${ids.integration}/publish`, {}],
    ['DELETE', `/integrations/${ids.integration}`],
    ['GET', `/components/${component}`],
    ['DELETE', `/components/${component}`],
    ['GET', `/connection-templates/${ids.preset}`],
    ['PATCH', `/connection-templates/${ids.preset}`, { name: 'x' }],
    ['DELETE', `/connection-templates/${ids.preset}`],
    ['GET', `/instance-profiles/${ids.profile}`],
    ['PATCH', `/instance-profiles/${ids.profile}`, { description: 'x' }],
    ['DELETE', `/instance-profiles/${ids.profile}`],
    ['GET', `/shared-connections/${ids.shared}`],
    ['PATCH', `/shared-connections/${ids.shared}`, { name: 'x' }],
    ['DELETE', `/shared-connections/${ids.shared}`],
  ];

  test('answers what its schema promises', async () => {
    await rest('GET', '/health/live');
    await rest('GET', '/health/ready');
    expect((await rest('GET', '/me')).body).toMatchObject({ role: 'owner', customer: null });
    const mine = await (await as('customer_member', ids.customer))('GET', '/me');
    expect(mine.body).toMatchObject({ customer: { id: ids.customer, name: 'First' } });

    const components = await rest<Listed>('GET', '/components?search=http');
    expect(components.body.items.map(({ key }) => key)).toContain('http');
    await rest('GET', `/components/${components.body.items[0]!.id}`);

    await rest('GET', '/integrations?allVersions=true&hasCustomer=false');
    await rest('GET', `/integrations/${ids.integration}`);
    await rest('GET', `/integrations/${ids.integration}/versions?isAvailable=true`);
    await rest('GET', `/integrations/${ids.integration}/flows`);
    const exported = await rest<{ definition: string }>(
      'GET',
      `/integrations/${ids.integration}/export?latestComponents=true`,
    );
    const valid = await rest('POST', '/integrations/validate', exported.body);
    expect(valid.body).toMatchObject({ isValid: true });
    const invalid = await rest('POST', '/integrations/validate', { definition: 'name: [' });
    expect(invalid.body).toMatchObject({ isValid: false });

    await rest('GET', `/customers/${ids.customer}`);
    const changed = await rest('PATCH', `/customers/${ids.customer}`, { labels: ['eu'], externalId: 'f-1' });
    expect(changed.body).toMatchObject({ name: 'First', labels: ['eu'], externalId: 'f-1' });

    await rest('GET', `/instances?customerId=${ids.customer}&search=Subj`);
    await rest('GET', `/instances/${ids.instance}`);
    const put = await rest('PUT', `/instances/${ids.instance}/config-variables`, {
      configVariables: [{ key: 'Region', value: 'south' }],
    });
    expect(put.body).toMatchObject({
      state: 'FULLY_CONFIGURED',
      items: [
        { key: 'Region', value: 'south', isUserLevel: false },
        { key: 'Nick', isUserLevel: true, isRequired: false },
      ],
    });
    const users = await rest('GET', `/instances/${ids.instance}/user-configs?externalId=u-1`);
    expect(users.body).toMatchObject({ items: [{ id: ids.user, externalId: 'u-1' }], hasNextPage: false });
    const lacking = await rest('GET', `/user-configs/${ids.user}`);
    expect(lacking.body).toMatchObject({ isComplete: false, missing: ['"Nick"'] });
    const set = { email: 'u@example.com', configVariables: [{ key: 'Nick', value: 'Nicky' }] };
    expect((await rest('PATCH', `/user-configs/${ids.user}`, set)).body).toMatchObject({
      isComplete: true,
      email: 'u@example.com',
      configVariables: [{ key: 'Nick', value: 'Nicky' }],
    });
    const secret = { name: 'Acme 2', inputs: [{ name: 'apiKey', value: 'k' }] };
    expect((await rest('PATCH', `/connection-templates/${ids.preset}`, secret)).body).toMatchObject({
      name: 'Acme 2',
      connection: 'apiKey',
      inputs: [{ name: 'apiKey', value: expect.stringMatching(/^•+$/) }],
      hasDeployedInstances: false,
    });
    const presets = '/connection-templates?search=acme&component=http&isPublic=true&connection=apiKey';
    expect((await rest('GET', presets)).body).toMatchObject({ items: [{ id: ids.preset, name: 'Acme 2' }] });
    await rest('GET', `/connection-templates/${ids.preset}`);
    const found = await rest(
      'GET',
      '/shared-connections?stableKey=shop&managedBy=customer&variableScope=customer',
    );
    expect(found.body).toMatchObject({
      items: [
        { id: ids.shared, component: { key: 'http', isPublic: true }, connection: 'apiKey', status: null },
      ],
    });
    await rest('GET', `/shared-connections/${ids.shared}`);
    await rest('GET', `/instance-profiles/${ids.profile}`);
    const larger = await rest('PATCH', `/instance-profiles/${ids.profile}`, { allocatedMemoryMb: 2048 });
    expect(larger.body).toMatchObject({ name: 'Large', allocatedMemoryMb: 2048, isDefault: false });
    expect((await rest('GET', '/instance-profiles?isDefault=false&search=lar')).body).toMatchObject({
      items: [{ id: ids.profile, name: 'Large' }],
    });
    const described = await rest('PATCH', `/shared-connections/${ids.shared}`, { description: 'Orders' });
    expect(described.body).toMatchObject({ name: 'Shop', description: 'Orders' });
    const ofShared = await rest(
      'GET',
      `/customer-connections?sharedConnectionId=${ids.shared}&stableKey=shop`,
    );
    expect(ofShared.body).toMatchObject({ items: [{ id: ids.values, customerId: ids.customer }] });
    await rest('GET', `/customer-connections/${ids.values}`);
    const inputs = [{ name: 'headerKey', value: 'X-Key' }];
    const values = await rest<Fault>('PATCH', `/customer-connections/${ids.values}`, { inputs });
    expect(values.body).toMatchObject({
      status: 'ACTIVE',
      inputs: [{ name: 'apiKey', value: expect.stringMatching(/^•+$/) }, ...inputs, { name: 'authScheme' }],
    });
    await rest('GET', `/on-premise-resources/${ids.onPremise}`);
    const pending = await rest('GET', `/on-premise-resources?status=PENDING&customerId=${ids.customer}`);
    expect(pending.body).toMatchObject({ items: [{ id: ids.onPremise, port: 0, seenAt: null }] });
    const rotated = await rest('POST', `/on-premise-resources/${ids.onPremise}/rotate-token`);
    expect(rotated.body).toMatchObject({
      jwt: expect.stringMatching(/^ey/),
      resource: { id: ids.onPremise },
    });
    await rest('GET', `/instances/${ids.instance}/config-variables`);
    const content = await rest('POST', `/instances/${ids.instance}/config-variables/Region/content`);
    expect(content.body).toEqual({ dataSourceType: 'string', content: 'east' });
    const updated = await rest('PATCH', `/instances/${ids.instance}`, { stepsPerActivity: 1 });
    expect(updated.body).toMatchObject({ stepsPerActivity: 1, needsDeploy: true });
    expect((await rest('POST', `/instances/${ids.instance}/disable`)).body).toMatchObject({ enabled: false });
    expect((await rest('POST', `/instances/${ids.instance}/enable`)).body).toMatchObject({ enabled: true });

    await rest('GET', `/executions?instanceId=${ids.instance}&status=SUCCESS&isTest=true&hasError=false`);
    await rest('GET', `/executions/${ids.execution}/logs?severities=INFO,WARN`);
  });

  test('holds, resumes and cancels an execution that has not ended', async () => {
    const flows = await rest<Listed>('GET', `/instances/${ids.instance}/flows`);
    const waiting = flows.body.items.find(({ name }) => name === 'Wait')!.id;
    const { body } = await rest<Named>('POST', `/flow-configs/${waiting}/test`, {});
    for (const [what, control] of [
      ['hold', 'hold'],
      ['resume', null],
      ['cancel', 'cancel'],
    ] as const) {
      const answer = await rest<{ control: unknown }>('POST', `/executions/${body.id}/${what}`);
      expect([answer.status, answer.body.control]).toEqual([200, control]);
    }
    await until('the end', async () => {
      const found = await rest<{ phase: string }>('GET', `/executions/${body.id}`);
      return found.body.phase === 'ended';
    });
  });

  test('holds, resumes and cancels no execution that has ended', async () => {
    for (const what of ['hold', 'resume', 'cancel']) {
      const { status, body } = await rest<Fault>('POST', `/executions/${ids.execution}/${what}`);
      expect([status, body.code]).toEqual([409, 'invalid_state']);
    }
  });

  test('shows outputs up to 32 KB in the list of steps, and larger ones whole behind their link', async () => {
    const { body } = await rest<Listed>('GET', `/executions/${ids.execution}/steps`);
    const [, largeStep, mediumStep, bytesStep] = body.items;
    expect(largeStep).toMatchObject({ name: 'Large', output: null });
    expect(largeStep!.outputBytes).toBeGreaterThan(200_000);
    expect(mediumStep).toMatchObject({ name: 'Medium', output: null });
    expect(mediumStep!.outputBytes).toBeGreaterThan(40_000);
    expect(bytesStep!.output).toEqual({
      type: 'Buffer',
      base64: Buffer.from([1, 2, 255]).toString('base64'),
    });
    const whole = await rest<{ data: string }>('GET', largeStep!.outputUrl.replace('/api/v1', ''));
    expect(whole.body.data).toBe('x'.repeat(200_000));
    const onlyOne = await rest<Listed>('GET', `/executions/${ids.execution}/steps?name=Medium`);
    expect(onlyOne.body.items.map(({ name }) => name)).toEqual(['Medium']);
  });

  test('pages by cursor, without repeating or skipping, and refuses the cursor of another list', async () => {
    for (const name of ['Page A', 'Page B', 'Page C']) await rest('POST', '/customers', { name });
    const names: string[] = [];
    let after = '';
    for (let isMore = true; isMore; ) {
      const path = `/customers?first=2${after && `&after=${encodeURIComponent(after)}`}`;
      const { body } = await rest<Listed>('GET', path);
      names.push(...body.items.map(({ name }) => name));
      after = body.endCursor;
      isMore = body.hasNextPage;
    }
    expect(names).toEqual(['First', 'Page A', 'Page B', 'Page C', 'Second']);
    const { body: logs } = await rest<Listed>('GET', `/executions/${ids.execution}/logs?first=1`);
    for (const cursor of [logs.endCursor, 'nonsense']) {
      expect((await rest('GET', `/customers?after=${encodeURIComponent(cursor)}`)).status).toBe(400);
    }
  });

  test('finds nothing under an unknown id', async () => {
    for (const [method, path, body] of [...onObjects(), ...onIntegrations()]) {
      const unknown = path.replace(/[0-9a-f-]{36}/, randomUUID());
      const answer = await rest(method, unknown, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const instance = { name: 'x', customerId: randomUUID(), integrationId: ids.integration };
    expect((await rest('POST', '/instances', instance)).status).toBe(404);
    const values = { sharedConnectionId: randomUUID(), customerId: ids.customer };
    expect((await rest('POST', '/customer-connections', values)).status).toBe(404);
    const agent = { customerId: randomUUID() };
    expect((await rest('POST', '/on-premise-resources', agent)).status).toBe(404);
    const draft = { definition: DEFINITION, integrationId: randomUUID() };
    expect((await rest('POST', '/integrations/import', draft)).status).toBe(404);
  });

  test('hides the objects of one customer from the users of another', async () => {
    const stranger = await as('customer_admin', otherCustomer);
    for (const [method, path, body] of onObjects()) {
      const answer = await stranger(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const executions = await stranger<Listed>('GET', '/executions');
    expect(executions.body.items).toEqual([]);
  });

  test('refuses changes by those who may only read, with 403', async () => {
    const guest = await as('guest');
    const writes: [string, string, unknown?][] = [
      ...[...onObjects(), ...onIntegrations()].filter(([method]) => method !== 'GET'),
      ['POST', '/customers', { name: 'By a guest' }],
      ['POST', '/integrations/import', { definition: DEFINITION }],
      ['POST', '/instances', { name: 'x', customerId: ids.customer, integrationId: ids.integration }],
      ['POST', '/connection-templates', PRESET],
      ['POST', '/instance-profiles', { name: 'Small' }],
      ['POST', '/shared-connections', SHARED],
      ['POST', '/on-premise-resources', {}],
      ['POST', '/customer-connections', { sharedConnectionId: ids.shared, customerId: ids.customer }],
    ];
    for (const [method, path, body] of writes) {
      const answer = await guest(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
    expect((await guest('GET', `/executions/${ids.execution}`)).status).toBe(200);
  });

  test('answers 401 to every form of a bad token, before it reads the body', async () => {
    const user = await aUser(system.deps, system.owner.organizationId, { role: 'admin' });
    const revoked = await issueAccessToken(system.deps, user);
    await system.deps.store.users.updateOne({ _id: user._id }, { $inc: { tokenGeneration: 1 } });
    const gone = await aUser(system.deps, system.owner.organizationId, { role: 'admin' });
    const orphan = await issueAccessToken(system.deps, gone);
    await system.deps.store.users.deleteOne({ _id: gone._id });
    const [head, claims, signature] = system.accessToken.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad: Record<string, string | undefined> = {
      missing: undefined,
      empty: 'Bearer ',
      undefined: 'Bearer undefined',
      basic: `Basic ${Buffer.from('a:b').toString('base64')}`,
      unsigned: `Bearer ${none}.${claims}.`,
      changed: `Bearer ${head}.${claims}.${signature!.split('').toReversed().join('')}`,
      expired: `Bearer ${await issueAccessToken(system.deps, system.owner, -5)}`,
      revoked: `Bearer ${revoked}`,
      orphan: `Bearer ${orphan}`,
    };
    const caller = restCaller(system.apiUrl);
    for (const [kind, authorization] of Object.entries(bad)) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await caller('POST', '/customers', '{"name":', headers);
      expect([kind, answer.status]).toEqual([kind, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('names every bad field, those inside lists too, and refuses what is not JSON', async () => {
    const nested = await rest<Fault>('PUT', `/instances/${ids.instance}/config-variables`, {
      configVariables: [{ key: 'Region', valeu: 'x' }, { value: 7 }],
    });
    expect(nested.body.errors.map(({ field }) => field).toSorted()).toEqual([
      'configVariables.0.valeu',
      'configVariables.1.key',
      'configVariables.1.value',
    ]);
    const values = await rest<Fault>('PUT', `/instances/${ids.instance}/config-variables`, {
      configVariables: [{ key: 'Nothing' }, { key: 'Neither', value: 'x' }],
    });
    expect(values).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    for (const name of ['Nothing', 'Neither']) expect(JSON.stringify(values.body)).toContain(name);
    const unread = await rest<Fault>('POST', '/customers', 'name=x', { 'content-type': 'text/plain' });
    expect(unread).toMatchObject({ status: 400, body: { detail: expect.stringContaining('JSON') } });
    for (const body of ['[]', '7', '"text"', 'null']) {
      expect((await rest('POST', '/customers', body)).status).toBe(400);
    }
    const needless = await rest<Fault>('POST', `/instances/${ids.instance}/enable`, { extra: 1 });
    expect(needless).toMatchObject({ status: 400, body: { errors: [{ field: 'extra' }] } });
    expect((await rest('GET', '/customers/%E0%A4%A')).status).toBe(400);
  });

  test('says which conflict or state stands in the way, and changes nothing', async () => {
    const taken = await rest<Fault>('PATCH', `/customers/${otherCustomer}`, { name: 'First' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ field: 'name' }] } });
    const inUse = await rest<Fault>('DELETE', `/integrations/${ids.integration}`);
    expect(inUse).toMatchObject({ status: 409, body: { code: 'invalid_state' } });
    expect(inUse.body.detail).toContain('Subject');
    const twice = await rest<Fault>('POST', `/instances/${ids.instance}/user-configs`, { externalId: 'u-1' });
    expect(twice).toMatchObject({
      status: 409,
      body: { code: 'conflict', errors: [{ field: 'externalId' }] },
    });
    const draft = await rest<Named>('POST', '/integrations/import', {
      definition: definition('Never published', [{ name: 'F', steps: [code('A', bytes)] }]),
    });
    const early = await rest('POST', '/instances', {
      name: 'Too early',
      customerId: ids.customer,
      integrationId: draft.body.id,
    });
    expect(early).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    await rest('POST', `/instances/${ids.instance}/disable`);
    const disabled = await rest('POST', `/flow-configs/${ids.flow}/test`, {});
    expect(disabled).toMatchObject({ status: 409, body: { code: 'instance_disabled' } });
    await rest('POST', `/instances/${ids.instance}/enable`);
    const undeployed = await createInstance(system.deps, system.ctx, {
      name: 'Undeployed',
      customerId: ids.customer,
      integrationId: ids.integration,
    });
    const flows = await rest<Listed>('GET', `/instances/${undeployed._id}/flows`);
    const test = await rest('POST', `/flow-configs/${flows.body.items[0]!.id}/test`, {});
    expect(test).toMatchObject({ status: 404, body: { code: 'flow_not_deployed' } });
  });

  test('repeats the caller’s request id, and makes its own where that is not a plain word', async () => {
    const given = await rest('GET', '/me', undefined, { 'x-request-id': 'order-77.a' });
    expect(given.headers.get('x-request-id')).toBe('order-77.a');
    const strange = await rest('GET', '/me', undefined, { 'x-request-id': 'a b"c' });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(given.headers.get('x-powered-by')).toBeNull();
    expect(given.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('was called with success, deletes last, and each refusal that was seen is documented', async () => {
    await rest('DELETE', `/user-configs/${ids.user}`);
    await rest('DELETE', `/customer-connections/${ids.values}`);
    await rest('DELETE', `/on-premise-resources/${ids.onPremise}`);
    await rest('DELETE', `/shared-connections/${ids.shared}`);
    await rest('DELETE', `/instance-profiles/${ids.profile}`);
    await rest('DELETE', `/connection-templates/${ids.preset}`);
    await rest('DELETE', `/instances/${ids.instance}`);
    expect((await rest('GET', `/executions/${ids.execution}`)).status).toBe(404);
    await rest('DELETE', `/customers/${ids.customer}`);
    await rest('DELETE', `/integrations/${ids.integration}`);
    await rest('DELETE', `/components/${component}`);
    const unseen = ENDPOINTS.filter(
      ({ operationId, successStatus }) => !seenAnswers.get(operationId)?.has(String(successStatus)),
    );
    expect(unseen.map(({ operationId }) => operationId)).toEqual([]);
    const owed = ['forbidden', 'not_found', 'flow_not_deployed', 'instance_disabled'] as const;
    const unproven = ENDPOINTS.flatMap(({ operationId, codes = [] }) =>
      owed
        .filter((one) => codes.includes(one) && !seenAnswers.get(operationId)?.has(one))
        .map((one) => `${operationId}: ${one}`),
    );
    expect(unproven).toEqual([]);
  });
});
