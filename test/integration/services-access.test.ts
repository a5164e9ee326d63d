import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { verifyAccessToken } from '../../src/services/access-tokens/verify-access-token';
import type { RequestContext } from '../../src/services/context';
import { createCustomer } from '../../src/services/customers/create-customer';
import { deleteCustomer } from '../../src/services/customers/delete-customer';
import { getCustomer } from '../../src/services/customers/get-customer';
import { listCustomers } from '../../src/services/customers/list-customers';
import { updateCustomer } from '../../src/services/customers/update-customer';
import { getExecution } from '../../src/services/executions/read/get-execution';
import { getStepResult } from '../../src/services/executions/read/get-step-result';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { listStepResults } from '../../src/services/executions/read/list-step-results';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { listInstances } from '../../src/services/instances/list-instances';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { deleteIntegration } from '../../src/services/integrations/delete-integration';
import { exportIntegration } from '../../src/services/integrations/export-integration';
import { getIntegration } from '../../src/services/integrations/get-integration';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { listLogs } from '../../src/services/logs/list-logs';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { getAuthenticatedUser } from '../../src/services/users/get-authenticated-user';
import { getUser } from '../../src/services/users/get-user';
import { code, definition, stringVar } from '../support/definition-builder';
import { aUser, contextOf, errorOf, type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';

const body = [code('Answer', 'module.exports = async () => ({ data: 1 });')];

describe('who may do what', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  const aCustomer = () => createCustomer(services.deps, services.ctx, { name: `Customer ${randomUUID()}` });
  const anIntegration = async (configVars: unknown[] = []) => {
    const { deps, ctx } = services;
    const text = definition(`I ${randomUUID()}`, [{ name: 'Main', steps: body }], {
      requiredConfigVars: configVars,
    });
    const integration = await importIntegration(deps, ctx, { definition: text });
    await publishIntegration(deps, ctx, { id: integration._id });
    return integration;
  };
  const anInstance = async (customerId: string, configVars: unknown[] = []) => {
    const { deps, ctx } = services;
    const integration = await anIntegration(configVars);
    return createInstance(deps, ctx, { name: 'An instance', integrationId: integration._id, customerId });
  };
  const customerContext = async (
    customerId: string,
    role: 'customer_admin' | 'customer_member' = 'customer_admin',
  ) => contextOf(await aUser(services.deps, services.owner.organizationId, { role, customerId }));

  describe('access tokens', () => {
    const verify = (token: string) => verifyAccessToken(services.deps, token);

    it('a token names its user with the role that the user has now', async () => {
      const { deps, owner } = services;
      const user = await aUser(deps, owner.organizationId, { role: 'guest' });
      const token = await issueAccessToken(deps, user);
      await deps.store.users.updateOne({ _id: user._id }, { $set: { role: 'integrator' } });
      expect(await verify(token)).toEqual({
        userId: user._id,
        organizationId: owner.organizationId,
        customerId: null,
        role: 'integrator',
      });
    });

    it('is refused as unauthenticated in every bad form', async () => {
      const { deps, env, owner } = services;
      const good = await issueAccessToken(deps, owner);
      const [header = '', claims = '', signature = ''] = good.split('.');
      const secret = new TextEncoder().encode(env.TENON_JWT_SECRET.reveal());
      const payload = {
        sub: owner._id,
        org: owner.organizationId,
        customer: null,
        role: 'owner',
        gen: 0,
        iss: 'tenon',
      };
      const sign = (fields: object, key = secret, alg = 'HS256', life = '1h') =>
        new SignJWT({ ...fields })
          .setProtectedHeader({ alg })
          .setIssuedAt()
          .setExpirationTime(life)
          .sign(key);
      const noneHeader = Buffer.from('{"alg":"none"}').toString('base64url');
      const changed = Buffer.from(JSON.stringify({ ...payload, sub: 'x', exp: 9e9 })).toString('base64url');
      const { gen: _gen, ...withoutGeneration } = payload;
      const bad: Record<string, string> = {
        empty: '',
        undefined: 'undefined',
        null: 'null',
        noise: 'a.b.c',
        'cut off': `${header}.${claims}.`,
        'changed claims': `${header}.${changed}.${signature}`,
        'no algorithm': `${noneHeader}.${claims}.`,
        'another key': await sign(payload, new TextEncoder().encode('x'.repeat(32))),
        'another algorithm': await sign(payload, secret, 'HS512'),
        'another issuer': await sign({ ...payload, iss: 'other' }),
        'no generation': await sign(withoutGeneration),
        'another organization': await sign({ ...payload, org: randomUUID() }),
        'an unknown user': await sign({ ...payload, sub: randomUUID() }),
        expired: await issueAccessToken(deps, owner, -1),
        'an older generation': await sign({ ...payload, gen: -1 }),
      };
      await expect(verify(await sign(payload))).resolves.toMatchObject({ userId: owner._id });
      for (const [form, token] of Object.entries(bad)) {
        const error = await errorOf(verify(token));
        expect([form, error.code]).toEqual([form, 'unauthenticated']);
        expect(token.length < 20 || !error.message.includes(token)).toBe(true);
      }
    });

    it('stops working at once when its user is deleted or the generation is raised', async () => {
      const { deps, owner } = services;
      const [revoked, deleted] = await Promise.all([
        aUser(deps, owner.organizationId, { role: 'admin' }),
        aUser(deps, owner.organizationId, { role: 'admin' }),
      ]);
      const tokens = await Promise.all([revoked, deleted].map((user) => issueAccessToken(deps, user)));
      await Promise.all(tokens.map(verify));
      await deps.store.users.updateOne({ _id: revoked._id }, { $inc: { tokenGeneration: 1 } });
      await deps.store.users.deleteOne({ _id: deleted._id });
      for (const token of tokens) expect((await errorOf(verify(token))).code).toBe('unauthenticated');
    });
  });

  it('bootstrapping the same organization again, also at the same moment, leaves one organization and one owner', async () => {
    const { deps } = services;
    const wanted = { organizationName: 'Twice', ownerEmail: 'a@twice.test', ownerName: 'A' };
    const made = await Promise.all([1, 2, 3].map(() => bootstrapOrganization(deps, wanted)));
    expect(new Set(made.map(({ organization }) => organization._id)).size).toBe(1);
    expect(new Set(made.map(({ owner }) => owner._id)).size).toBe(1);
    expect(made[0]?.owner.role).toBe('owner');
  });

  it('objects of another customer or organization are not found, by any read or write', async () => {
    const { deps } = services;
    const theirs = await aCustomer();
    const own = await aCustomer();
    const instance = await anInstance(theirs._id);
    const id = instance._id;
    const execution = await aStoredExecution(deps, instance);
    const stranger = await bootstrapOrganization(deps, {
      organizationName: `Other ${randomUUID()}`,
      ownerEmail: 'o@other.test',
      ownerName: 'O',
    });
    const askers: RequestContext[] = [await customerContext(own._id), contextOf(stranger.owner)];
    for (const ctx of askers) {
      const calls: Record<string, Promise<unknown>> = {
        customer: getCustomer(deps, ctx, { id: theirs._id }),
        'customer update': updateCustomer(deps, ctx, { id: theirs._id, name: 'Mine' }),
        'customer delete': deleteCustomer(deps, ctx, { id: theirs._id }),
        instance: getInstance(deps, ctx, { id }),
        'instance update': updateInstance(deps, ctx, { id, name: 'Mine' }),
        'instance deploy': deployInstance(deps, ctx, { id }),
        'instance delete': deleteInstance(deps, ctx, { id }),
        'config variables': listConfigVariables(deps, ctx, { instanceId: id }),
        'flow configs': listFlowConfigs(deps, ctx, { instanceId: id }),
        integration: getIntegration(deps, ctx, { id: instance.integrationId }),
        version: getIntegration(deps, ctx, { id: instance.versionId ?? '' }),
        export: exportIntegration(deps, ctx, { id: instance.integrationId }),
        publish: publishIntegration(deps, ctx, { id: instance.integrationId }),
        'integration delete': deleteIntegration(deps, ctx, { id: instance.integrationId }),
        execution: getExecution(deps, ctx, { id: execution.executionId }),
        'step results': listStepResults(deps, ctx, { executionId: execution.executionId }),
        'step result': getStepResult(deps, ctx, { id: execution.stepResultIds[0] ?? '' }),
        logs: listLogs(deps, ctx, { executionId: execution.executionId }),
        user: getUser(deps, ctx, { id: services.owner._id }),
        'new instance for them': createInstance(deps, ctx, {
          name: 'x',
          integrationId: instance.integrationId,
          customerId: theirs._id,
        }),
      };
      for (const [name, call] of Object.entries(calls)) {
        expect([name, (await errorOf(call)).code]).toEqual([name, 'not_found']);
      }
      const lists = await Promise.all([
        listInstances(deps, ctx, { customerId: theirs._id }),
        listExecutions(deps, ctx, { customerId: theirs._id }),
        listLogs(deps, ctx, { instanceId: id }),
        listCustomers(deps, ctx, { search: theirs.name }),
      ]);
      expect(lists.map(({ nodes }) => nodes.length)).toEqual([0, 0, 0, 0]);
    }
    // The same objects are there for those who may see them.
    const member = await customerContext(theirs._id, 'customer_member');
    expect((await getInstance(deps, member, { id })).name).toBe('An instance');
    expect((await listExecutions(deps, member)).nodes.map(({ _id }) => _id)).toEqual([execution.executionId]);
    expect((await listCustomers(deps, member)).nodes.map(({ _id }) => _id)).toEqual([theirs._id]);
    expect((await listLogs(deps, member, { executionId: execution.executionId })).nodes).toHaveLength(3);
  });

  it('guests and customer members read and are forbidden to write; customer admins change their own instances only', async () => {
    const { deps, owner } = services;
    const customer = await aCustomer();
    const { _id: id, integrationId } = await anInstance(customer._id);
    const guest = contextOf(await aUser(deps, owner.organizationId, { role: 'guest' }));
    const member = await customerContext(customer._id, 'customer_member');
    const admin = await customerContext(customer._id);
    for (const ctx of [guest, member]) {
      expect((await getInstance(deps, ctx, { id }))._id).toBe(id);
      for (const call of [
        updateInstance(deps, ctx, { id, name: 'x' }),
        deployInstance(deps, ctx, { id }),
        deleteInstance(deps, ctx, { id }),
        updateCustomer(deps, ctx, { id: customer._id, name: 'x' }),
        createCustomer(deps, ctx, { name: 'x' }),
      ]) {
        expect((await errorOf(call)).code).toBe('forbidden');
      }
    }
    expect((await errorOf(publishIntegration(deps, guest, { id: integrationId }))).code).toBe('forbidden');
    expect((await updateInstance(deps, admin, { id, name: 'Renamed' })).name).toBe('Renamed');
    expect((await deployInstance(deps, admin, { id })).deployment?.revision).toBe(1);
    expect((await errorOf(updateCustomer(deps, admin, { id: customer._id, name: 'x' }))).code).toBe(
      'forbidden',
    );
    expect((await errorOf(importIntegration(deps, admin, { definition: '' }))).code).toBe('forbidden');
    expect((await getAuthenticatedUser(deps, member))._id).toBe(member.actor.userId);
  });

  it('users of a customer neither see nor change variables of the organization, and cannot drop them by replacing', async () => {
    const { deps, ctx } = services;
    const customer = await aCustomer();
    const configVars = [{ ...stringVar('Internal'), orgOnly: true }, stringVar('Own')];
    const { _id: id } = await anInstance(customer._id, configVars);
    await updateInstance(deps, ctx, { id, configVariables: [{ key: 'Internal', value: 'ours' }] });
    const admin = await customerContext(customer._id);
    expect((await listConfigVariables(deps, admin, { instanceId: id })).map(({ key }) => key)).toEqual([
      'Own',
    ]);
    const error = await errorOf(
      updateInstance(deps, admin, { id, configVariables: [{ key: 'Internal', value: 'theirs' }] }),
    );
    expect(error.faults.map(({ field }) => field)).toEqual(['configVariables.Internal']);
    await updateInstance(deps, admin, { id, configVariables: [{ key: 'Own', value: 'theirs' }] });
    expect(await resolveConfig(deps, await getInstance(deps, ctx, { id }))).toEqual({
      Internal: 'ours',
      Own: 'theirs',
    });
  });

  it('an integration that one customer owns cannot be set up for another', async () => {
    const { deps, ctx } = services;
    const [one, other] = [await aCustomer(), await aCustomer()];
    const text = definition(`Own ${randomUUID()}`, [{ name: 'Main', steps: body }]);
    const integration = await importIntegration(deps, ctx, { definition: text, customerId: one._id });
    await publishIntegration(deps, ctx, { id: integration._id });
    const wanted = { name: 'x', integrationId: integration._id };
    expect((await errorOf(createInstance(deps, ctx, { ...wanted, customerId: other._id }))).code).toBe(
      'not_found',
    );
    const admin = await customerContext(one._id);
    expect((await createInstance(deps, admin, { ...wanted, customerId: one._id })).customerId).toBe(one._id);
  });

  it('a customer’s name and external id are unique: a second use is a conflict that names the field', async () => {
    const { deps, ctx } = services;
    const first = await createCustomer(deps, ctx, {
      name: `N ${randomUUID()}`,
      externalId: `e-${randomUUID()}`,
    });
    const sameName = await errorOf(createCustomer(deps, ctx, { name: first.name }));
    expect([sameName.code, sameName.faults[0]?.field]).toEqual(['conflict', 'name']);
    const second = await aCustomer();
    const sameId = await errorOf(updateCustomer(deps, ctx, { id: second._id, externalId: first.externalId }));
    expect([sameId.code, sameId.faults[0]?.field]).toEqual(['conflict', 'externalId']);
    const nameless = await errorOf(createCustomer(deps, ctx, { name: '  ', labels: [1] as never }));
    expect([nameless.code, nameless.faults.map(({ field }) => field)]).toEqual([
      'invalid_input',
      ['name', 'labels.0'],
    ]);
  });

  it('an update leaves alone what it does not name', async () => {
    const { deps, ctx } = services;
    const wanted = { name: `N ${randomUUID()}`, externalId: randomUUID(), description: 'd', labels: ['a'] };
    const { _id: id } = await createCustomer(deps, ctx, wanted);
    expect(await updateCustomer(deps, ctx, { id, description: 'new' })).toMatchObject({
      ...wanted,
      description: 'new',
    });
    expect(await updateCustomer(deps, ctx, { id, externalId: '' })).toMatchObject({
      externalId: null,
      labels: ['a'],
    });
  });
});
