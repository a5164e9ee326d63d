import { randomUUID } from 'node:crypto';
import { ENDPOINTS } from '../../src/api/rest/routes';
import { createInstance } from '../../src/services/instances/create-instance';
import { code, definition } from '../support/definition-builder';
import { seenAnswers } from '../support/http';
import {
  bytes,
  DEFINITION,
  type Fault,
  type Listed,
  type Named,
  onIntegrations,
  onObjects,
  PRESET,
  type RestSubject,
  SHARED,
  startRestSubject,
} from '../support/rest-subject';
import { until } from '../support/until';

// One file: the last test holds against the catalogue what the others have seen.
describe('every REST operation', () => {
  let subject: RestSubject;
  let system: RestSubject['system'];
  let rest: RestSubject['rest'];
  let ids: RestSubject['ids'];
  let as: RestSubject['as'];

  beforeAll(async () => {
    subject = await startRestSubject();
    ({ system, rest, ids, as } = subject);
  });
  afterAll(() => subject?.system.stop());

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

    await rest('GET', '/customers?first=1');
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
    await rest('GET', `/executions/${ids.execution}/steps`);
    await rest('GET', `/executions/${ids.execution}/step-output?path=0`);
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

  test('finds nothing under an unknown id', async () => {
    for (const [method, path, body] of [...onObjects(ids), ...onIntegrations(ids)]) {
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

  test('refuses changes by those who may only read, with 403', async () => {
    const guest = await as('guest');
    const writes: [string, string, unknown?][] = [
      ...[...onObjects(ids), ...onIntegrations(ids)].filter(([method]) => method !== 'GET'),
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

  test('says which conflict or state stands in the way, and changes nothing', async () => {
    const taken = await rest<Fault>('PATCH', `/customers/${ids.otherCustomer}`, { name: 'First' });
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
    await rest('DELETE', `/components/${ids.component}`);
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
