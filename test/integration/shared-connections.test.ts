import { randomUUID } from 'node:crypto';
import { markConnectionError } from '../../src/services/connections/report-use';
import { deleteCustomer } from '../../src/services/customers/delete-customer';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { removeInstance } from '../../src/services/instances/remove-instance';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { validateDefinition } from '../../src/services/integrations/validate-definition';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { createCustomerConnection } from '../../src/services/shared-connections/create-customer-connection';
import { deleteCustomerConnection } from '../../src/services/shared-connections/delete-customer-connection';
import { deleteSharedConnection } from '../../src/services/shared-connections/delete-shared-connection';
import { getSharedConnection } from '../../src/services/shared-connections/get-shared-connection';
import { listCustomerConnections } from '../../src/services/shared-connections/list-customer-connections';
import { listSharedConnections } from '../../src/services/shared-connections/list-shared-connections';
import { updateCustomerConnection } from '../../src/services/shared-connections/update-customer-connection';
import { updateSharedConnection } from '../../src/services/shared-connections/update-shared-connection';
import {
  viewCustomerConnections,
  viewSharedConnections,
} from '../../src/services/shared-connections/view-shared-connections';
import { aUser, contextOf, errorOf, type Services, startServices } from '../support/services';
import { anInstanceOf, aShared, inputsOf, sharingDefinition } from '../support/shared-connection';

let services: Services;

beforeAll(async () => {
  services = await startServices();
});
afterAll(() => services?.stop());

interface Value {
  key: string;
  configVarKey: string;
  fields: Record<string, string>;
}

/** What a run of the deployed revision gets, or the draft where there is none. */
async function runValue(id: string): Promise<Value | undefined> {
  const instance = await getInstance(services.deps, services.ctx, { id });
  const source = instance.deployment?.configRevisionId ?? instance;
  return (await resolveConfig(services.deps, source))['Shop'] as Value | undefined;
}

const deploy = (id: string) => deployInstance(services.deps, services.ctx, { id });
const faultsOf = async (call: Promise<unknown>) => (await errorOf(call)).faults;

describe('a definition that names a shared connection', () => {
  it('is taken without a warning, whether or not there is one', async () => {
    const { deps, ctx } = services;
    const text = sharingDefinition('nowhere');
    const { faults } = await validateDefinition(deps, ctx, { definition: text });
    expect(faults).toEqual([]);
    await importIntegration(deps, ctx, { definition: text });
  });

  it('cannot share what is no connection', async () => {
    const text = sharingDefinition('x').replace('dataType: connection', 'dataType: string');
    const { faults } = await validateDefinition(services.deps, services.ctx, { definition: text });
    const fault = { severity: 'error', message: expect.stringContaining('only connections are shared') };
    expect(faults).toContainEqual(expect.objectContaining(fault));
  });
});

describe('a connection of the whole organization', () => {
  it('is given to runs like an own one, with defaults, under the name that the definition knows', async () => {
    const shared = await aShared(services, { fields: { apiKey: 'k-1', authScheme: 'Bearer' } });
    const { id } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    await deploy(id);
    expect(await runValue(id)).toEqual({
      key: 'apiKey',
      configVarKey: 'Shop',
      fields: { apiKey: 'k-1', headerKey: 'Authorization', authScheme: 'Bearer' },
    });
  });

  it('has its new values in what is deployed already, without a deploy', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { fields: { apiKey: 'old', authScheme: 'Bearer' } });
    const { id } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    await deploy(id);
    await updateSharedConnection(deps, ctx, { id: shared._id, inputs: inputsOf({ apiKey: 'new' }) });
    expect((await runValue(id))?.fields).toMatchObject({ apiKey: 'new', authScheme: 'Bearer' });
    expect((await getInstance(deps, ctx, { id })).needsDeploy).toBe(false);
    await updateSharedConnection(deps, ctx, { id: shared._id, inputs: inputsOf({ authScheme: '' }) });
    expect((await runValue(id))?.fields['authScheme']).toBe('Basic');
  });

  it('is sealed in the database and masked for readers; a mask that comes back keeps the secret', async () => {
    const { deps, ctx } = services;
    const secret = `secret-${randomUUID()}`;
    const shared = await aShared(services, { fields: { apiKey: secret } });
    const stored = await deps.store.sharedConnections.findById(shared._id).lean();
    expect(JSON.stringify(stored)).not.toContain(secret);
    const [view] = await viewSharedConnections(deps, ctx, [shared]);
    expect(JSON.stringify(view)).not.toContain(secret);
    const shown = view!.inputs.find(({ name }) => name === 'apiKey')!;
    expect(shown.value).toMatch(/^•+$/);
    await updateSharedConnection(deps, ctx, { id: shared._id, inputs: [shown] });
    const { id } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    expect((await runValue(id))?.fields['apiKey']).toBe(secret);
  });

  it('refuses fields that the kind of connection does not have, and kinds that there are not', async () => {
    const faults = await faultsOf(aShared(services, { fields: { apikey: 'x', nothing: 'y' } }));
    expect(faults.map(({ field }) => field)).toEqual(['inputs.apikey', 'inputs.nothing']);
    const kind = await faultsOf(aShared(services, { connection: 'no-kind' }));
    expect(kind[0]).toMatchObject({ field: 'connection', messages: [expect.stringContaining('"apiKey"')] });
    const component = await faultsOf(aShared(services, { component: { key: 'none', isPublic: true } }));
    expect(component[0]).toMatchObject({ field: 'component' });
    const managed = await faultsOf(aShared(services, { managedBy: 'customer' }));
    expect(managed[0]).toMatchObject({ field: 'managedBy' });
    const { stableKey } = await aShared(services);
    expect(await errorOf(aShared(services, { stableKey }))).toMatchObject({ code: 'conflict' });
  });
});

describe('a deploy', () => {
  it('says which shared connection the organization lacks, and which step wants it', async () => {
    const { id } = await anInstanceOf(services, sharingDefinition('no-such-key'));
    const message = expect.stringMatching(
      /"Shop", which "Ask the shop" uses, .* no shared connection with the stable key "no-such-key"/,
    );
    expect(await faultsOf(deploy(id))).toEqual([{ field: 'configVariables.Shop', messages: [message] }]);
    const [view] = await listConfigVariables(services.deps, services.ctx, { instanceId: id });
    expect(view).toMatchObject({ status: 'PENDING', isSet: false, sharedConnection: 'no-such-key' });
    expect(view!.statusReason).toContain('no-such-key');
    expect(await runValue(id)).toBeUndefined();
  });

  it('says which fields lack a value, until they are set there', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services);
    const { id } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    expect(await faultsOf(deploy(id))).toEqual([
      {
        field: 'configVariables.Shop.apiKey',
        messages: [expect.stringContaining(`Set it on the shared connection "${shared.stableKey}"`)],
      },
    ]);
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('NEEDS_INSTANCE_CONFIGURATION');
    await updateSharedConnection(deps, ctx, { id: shared._id, inputs: inputsOf({ apiKey: 'k' }) });
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('FULLY_CONFIGURED');
    await deploy(id);
  });

  it('cannot give values of its own', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { fields: { apiKey: 'k' } });
    const { id } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    const set = (values: string) =>
      updateInstance(deps, ctx, { id, configVariables: [{ key: 'Shop', values }] });
    const [fault] = await faultsOf(set('[{"name":"apiKey","type":"value","value":"mine"}]'));
    expect(fault).toMatchObject({
      field: 'configVariables.Shop',
      messages: [expect.stringContaining(shared.stableKey)],
    });
    // What a reader was shown may come back.
    await set('[]');
    expect((await runValue(id))?.fields['apiKey']).toBe('k');
  });
});

describe('a connection with values for each customer', () => {
  it('is there for the customers that have some, over those of the organization, and for nobody else', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { variableScope: 'customer', fields: { authScheme: 'Token' } });
    const text = sharingDefinition(shared.stableKey);
    const [one, other] = [await anInstanceOf(services, text), await anInstanceOf(services, text)];
    const give = (customerId: string, apiKey: string) =>
      createCustomerConnection(deps, ctx, {
        sharedConnectionId: shared._id,
        customerId,
        inputs: inputsOf({ apiKey }),
      });
    const own = await give(one.customerId, 'of-one');
    await deploy(one.id);
    expect(await faultsOf(deploy(other.id))).toEqual([
      {
        field: 'configVariables.Shop',
        messages: [expect.stringContaining('has no values for this customer')],
      },
    ]);
    expect(await runValue(other.id)).toBeUndefined();
    await give(other.customerId, 'of-other');
    await deploy(other.id);
    expect((await runValue(one.id))?.fields).toMatchObject({ apiKey: 'of-one', authScheme: 'Token' });
    expect((await runValue(other.id))?.fields).toMatchObject({ apiKey: 'of-other', authScheme: 'Token' });
    await updateCustomerConnection(deps, ctx, { id: own._id, inputs: inputsOf({ apiKey: 'newer' }) });
    expect((await runValue(one.id))?.fields['apiKey']).toBe('newer');
    expect((await runValue(other.id))?.fields['apiKey']).toBe('of-other');
    expect(await errorOf(give(one.customerId, 'again'))).toMatchObject({ code: 'conflict' });
  });

  it('has the values of the organization in the tests of an integration', async () => {
    const shared = await aShared(services, { variableScope: 'customer', fields: { apiKey: 'for-tests' } });
    const { id: _, ...subject } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    const test = await services.deps.store.instances
      .findOne({ integrationId: subject.integrationId, isSystem: true })
      .lean();
    expect((await runValue(test!._id))?.fields['apiKey']).toBe('for-tests');
  });

  it('has none where there is one set of values for all', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services);
    const { customerId } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    const wanted = { sharedConnectionId: shared._id, customerId };
    expect(await errorOf(createCustomerConnection(deps, ctx, wanted))).toMatchObject({
      code: 'invalid_state',
    });
  });

  it('goes with the customer', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { variableScope: 'customer' });
    const { customerId } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    await createCustomerConnection(deps, ctx, { sharedConnectionId: shared._id, customerId });
    await deleteCustomer(deps, ctx, { id: customerId });
    expect(await deps.store.customerConnections.countDocuments({ customerId })).toBe(0);
  });
});

describe('users of a customer', () => {
  it('set their own values of a connection that customers manage, and see neither those of others nor ours', async () => {
    const { deps, ctx, owner } = services;
    const shared = await aShared(services, {
      variableScope: 'customer',
      managedBy: 'customer',
      fields: { authScheme: 'Token' },
    });
    const text = sharingDefinition(shared.stableKey);
    const [mine, other] = [await anInstanceOf(services, text), await anInstanceOf(services, text)];
    const asAdmin = async (customerId: string) =>
      contextOf(await aUser(deps, owner.organizationId, { role: 'customer_admin', customerId }));
    const [me, them] = [await asAdmin(mine.customerId), await asAdmin(other.customerId)];
    const wanted = { sharedConnectionId: shared._id, customerId: mine.customerId };
    const kept = await faultsOf(
      createCustomerConnection(deps, me, { ...wanted, inputs: inputsOf({ authScheme: 'Mine' }) }),
    );
    expect(kept).toMatchObject([{ field: 'inputs.authScheme' }]);
    const own = await createCustomerConnection(deps, me, { ...wanted, inputs: inputsOf({ apiKey: 'k' }) });
    await deployInstance(deps, me, { id: mine.id });
    expect((await runValue(mine.id))?.fields).toMatchObject({ apiKey: 'k', authScheme: 'Token' });
    const [view] = await viewCustomerConnections(deps, me, [own]);
    expect(view!.inputs.map(({ name }) => name)).toEqual(['apiKey', 'headerKey']);
    const foreign = { id: own._id, inputs: inputsOf({ apiKey: 'theirs' }) };
    for (const call of [
      updateCustomerConnection(deps, them, foreign),
      deleteCustomerConnection(deps, them, { id: own._id }),
      createCustomerConnection(deps, them, wanted),
    ])
      expect(await errorOf(call)).toMatchObject({ code: 'not_found' });
    expect((await listCustomerConnections(deps, them)).nodes).toEqual([]);
    expect((await listCustomerConnections(deps, me)).nodes.map(({ _id }) => _id)).toEqual([own._id]);
    const changed = updateSharedConnection(deps, me, { id: shared._id, name: 'x' });
    expect(await errorOf(changed)).toMatchObject({ code: 'forbidden' });
    expect((await listSharedConnections(deps, ctx, { stableKeys: [shared.stableKey] })).nodes).toHaveLength(
      1,
    );
  });

  it('know nothing of connections that the organization manages, but run with them', async () => {
    const { deps, ctx, owner } = services;
    const shared = await aShared(services, { variableScope: 'customer' });
    const { id, customerId } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    const own = await createCustomerConnection(deps, ctx, {
      sharedConnectionId: shared._id,
      customerId,
      inputs: inputsOf({ apiKey: 'by-us' }),
    });
    const me = contextOf(await aUser(deps, owner.organizationId, { role: 'customer_admin', customerId }));
    expect(await errorOf(getSharedConnection(deps, me, { id: shared._id }))).toMatchObject({
      code: 'not_found',
    });
    const change = updateCustomerConnection(deps, me, { id: own._id, inputs: inputsOf({ apiKey: 'mine' }) });
    expect(await errorOf(change)).toMatchObject({ code: 'not_found' });
    await deployInstance(deps, me, { id });
    expect((await runValue(id))?.fields['apiKey']).toBe('by-us');
    const [view] = await listConfigVariables(deps, me, { instanceId: id });
    expect(view).toMatchObject({ status: 'ACTIVE', inputs: [] });
  });

  it('see that a connection of all customers is broken, and not what the run of another one said of it', async () => {
    const { deps, ctx, owner } = services;
    const shared = await aShared(services, { fields: { apiKey: 'ours' } });
    const text = sharingDefinition(shared.stableKey);
    const [mine, other] = [await anInstanceOf(services, text), await anInstanceOf(services, text)];
    const configVars = await resolveConfig(deps, await getInstance(deps, ctx, { id: other.id }));
    const reason = 'The account of Other Ltd is locked.';
    await markConnectionError(deps, { configVars, inputs: { connection: configVars['Shop'] } }, { reason });
    const { customerId } = mine;
    const me = contextOf(await aUser(deps, owner.organizationId, { role: 'customer_admin', customerId }));
    const [theirView] = await listConfigVariables(deps, me, { instanceId: mine.id });
    expect(theirView?.status).toBe('ERROR');
    expect(theirView?.statusReason).toMatch(/^The organization, which manages this connection/);
    const [ourView] = await listConfigVariables(deps, ctx, { instanceId: mine.id });
    expect(ourView).toMatchObject({ status: 'ERROR', statusReason: reason });
  });
});

describe('another organization', () => {
  it('has the same stable key for a connection of its own, and neither sees nor uses ours', async () => {
    const { deps, ctx } = services;
    const { owner } = await bootstrapOrganization(deps, {
      organizationName: `Other ${randomUUID()}`,
      ownerEmail: `${randomUUID()}@other.test`,
      ownerName: 'Otto Other',
    });
    const them = contextOf(owner);
    expect(them.actor.organizationId).not.toBe(ctx.actor.organizationId);
    const ours = await aShared(services, { fields: { apiKey: 'ours' } });
    expect(await errorOf(getSharedConnection(deps, them, { id: ours._id }))).toMatchObject({
      code: 'not_found',
    });
    const { id } = await anInstanceOf({ ...services, ctx: them }, sharingDefinition(ours.stableKey));
    expect(await faultsOf(deployInstance(deps, them, { id }))).toHaveLength(1);
    await aShared(services, { stableKey: ours.stableKey, fields: { apiKey: 'theirs' } }, them);
    await deployInstance(deps, them, { id });
    const { deployment } = await getInstance(deps, them, { id });
    const value = (await resolveConfig(deps, deployment!.configRevisionId))['Shop'] as Value;
    expect(value.fields['apiKey']).toBe('theirs');
  });
});

describe('deleting', () => {
  it('is refused with the names of the deployed instances that use it, and works without them', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { variableScope: 'customer' });
    const { id, customerId } = await anInstanceOf(services, sharingDefinition(shared.stableKey));
    const own = await createCustomerConnection(deps, ctx, {
      sharedConnectionId: shared._id,
      customerId,
      inputs: inputsOf({ apiKey: 'k' }),
    });
    await deploy(id);
    const instance = await getInstance(deps, ctx, { id });
    for (const call of [
      deleteSharedConnection(deps, ctx, { id: shared._id }),
      deleteCustomerConnection(deps, ctx, { id: own._id }),
    ]) {
      const { code, message } = await errorOf(call);
      expect([code, message]).toEqual(['invalid_state', expect.stringContaining(`"${instance.name}"`)]);
    }
    await removeInstance(deps, instance);
    await deleteSharedConnection(deps, ctx, { id: shared._id });
    expect(await deps.store.sharedConnections.exists({ _id: shared._id })).toBeNull();
    expect(await deps.store.customerConnections.exists({ _id: own._id })).toBeNull();
  });

  it('does not mind instances of other customers, nor those that are not deployed', async () => {
    const { deps, ctx } = services;
    const shared = await aShared(services, { variableScope: 'customer' });
    const text = sharingDefinition(shared.stableKey);
    const [used, unused] = [await anInstanceOf(services, text), await anInstanceOf(services, text)];
    const [, own] = await Promise.all(
      [used, unused].map(({ customerId }) =>
        createCustomerConnection(deps, ctx, {
          sharedConnectionId: shared._id,
          customerId,
          inputs: inputsOf({ apiKey: 'k' }),
        }),
      ),
    );
    await deploy(used.id);
    await deleteCustomerConnection(deps, ctx, { id: own!._id });
    expect((await runValue(used.id))?.fields['apiKey']).toBe('k');
  });
});
