import { randomUUID } from 'node:crypto';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstanceProfile } from '../../src/services/instance-profiles/create-instance-profile';
import { deleteInstanceProfile } from '../../src/services/instance-profiles/delete-instance-profile';
import { listInstanceProfiles } from '../../src/services/instance-profiles/list-instance-profiles';
import { updateInstanceProfile } from '../../src/services/instance-profiles/update-instance-profile';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import type { Instance } from '../../src/store/models/instance.model';
import { code, definition } from '../support/definition-builder';
import { graphqlClient } from '../support/graphql-client';
import { aUser, contextOf, errorOf, type Services, startServices } from '../support/services';
import { type System, startSystem } from '../support/system';

const STEPS = [code('One', 'module.exports = async () => ({ data: 1 });')];
const aDefinition = (rest: Record<string, unknown> = {}): string =>
  definition(`Profiled ${randomUUID()}`, [{ name: 'Main', steps: STEPS }], rest);
const anInstance = async ({ deps, ctx }: Services, text = aDefinition()): Promise<Instance> => {
  const integration = await importIntegration(deps, ctx, { definition: text });
  await publishIntegration(deps, ctx, { id: integration._id });
  const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
  const wanted = { name: `Instance ${randomUUID()}`, integrationId: integration._id };
  return createInstance(deps, ctx, { ...wanted, customerId: customer._id });
};

describe('the profiles of an organization', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());
  const aProfile = (rest: Partial<Parameters<typeof createInstanceProfile>[2]> = {}) =>
    createInstanceProfile(services.deps, services.ctx, { name: `Profile ${randomUUID()}`, ...rest });
  const stored = (id: string) => services.deps.store.instances.findById(id).lean<Instance>();
  const deployed = async (id: string) => {
    await deployInstance(services.deps, services.ctx, { id });
    return stored(id);
  };

  test('have a default one that nobody made, once, however many ask for it at the same moment', async () => {
    const { deps, ctx } = services;
    const lists = await Promise.all(Array.from({ length: 5 }, () => listInstanceProfiles(deps, ctx)));
    for (const { nodes } of lists) {
      expect(nodes).toMatchObject([
        { name: 'Default Instance Profile', isDefault: true, logsDisabled: false, allocatedMemoryMb: null },
      ]);
    }
  });

  test('have names of their own, and memory within limits', async () => {
    const { name } = await aProfile();
    expect(await errorOf(aProfile({ name }))).toMatchObject({
      code: 'conflict',
      faults: [{ field: 'name' }],
    });
    const first = await errorOf(aProfile({ name: 'Default Instance Profile' }));
    expect(first).toMatchObject({ code: 'conflict' });
    for (const allocatedMemoryMb of [63, 10_241, 1.5])
      expect(await errorOf(aProfile({ allocatedMemoryMb }))).toMatchObject({ code: 'invalid_input' });
  });

  test('are changed by writers of the organization only, and hidden from users of a customer', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await aProfile();
    const { organizationId } = ctx.actor;
    const guest = contextOf(await aUser(deps, organizationId, { role: 'guest' }));
    expect(await errorOf(createInstanceProfile(deps, guest, { name: 'x' }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await errorOf(updateInstanceProfile(deps, guest, { id }))).toMatchObject({ code: 'forbidden' });
    expect(await errorOf(deleteInstanceProfile(deps, guest, { id }))).toMatchObject({ code: 'forbidden' });
    const instance = await anInstance(services);
    const wanted = { role: 'customer_admin' as const, customerId: instance.customerId! };
    const customer = contextOf(await aUser(deps, organizationId, wanted));
    expect((await listInstanceProfiles(deps, customer)).nodes).toEqual([]);
    expect(await errorOf(updateInstanceProfile(deps, customer, { id }))).toMatchObject({ code: 'not_found' });
    const given = updateInstance(deps, customer, { id: instance._id, profileId: id });
    expect(await errorOf(given)).toMatchObject({ code: 'forbidden' });
    const taken = updateInstance(deps, customer, { id: instance._id, profileId: null });
    expect(await errorOf(taken)).toMatchObject({ code: 'forbidden' });
  });

  test('cannot be deleted while instances have them, or as the default one', async () => {
    const { deps, ctx } = services;
    const used = await aProfile();
    const instance = await anInstance(services);
    await updateInstance(deps, ctx, { id: instance._id, profileId: used._id });
    expect(await errorOf(deleteInstanceProfile(deps, ctx, { id: used._id }))).toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining(instance.name),
    });
    await updateInstance(deps, ctx, { id: instance._id, profileId: null });
    await deleteInstanceProfile(deps, ctx, { id: used._id });
    const next = await aProfile({ isDefault: true });
    expect(await errorOf(deleteInstanceProfile(deps, ctx, { id: next._id }))).toMatchObject({
      code: 'invalid_state',
    });
    const off = await errorOf(updateInstanceProfile(deps, ctx, { id: next._id, isDefault: false }));
    expect(off).toMatchObject({ code: 'invalid_input', faults: [{ field: 'isDefault' }] });
    const { nodes } = await listInstanceProfiles(deps, ctx, { isDefault: true });
    expect(nodes.map(({ _id }) => _id)).toEqual([next._id]);
    const [before] = (await listInstanceProfiles(deps, ctx, { name: 'Default Instance Profile' })).nodes;
    await updateInstanceProfile(deps, ctx, { id: before!._id, isDefault: true });
    await deleteInstanceProfile(deps, ctx, { id: next._id });
  });

  test('are chosen by definitions: a new instance has the one that is named, at its line warned of if it is not there', async () => {
    const { deps, ctx } = services;
    const { _id, name } = await aProfile();
    const text = aDefinition({ defaultInstanceProfile: name });
    expect((await importIntegration(deps, ctx, { definition: text })).warnings).toEqual([]);
    expect(await anInstance(services, text)).toMatchObject({ profileId: _id });
    const unknown = aDefinition({ defaultInstanceProfile: 'Nowhere' });
    const { warnings } = await importIntegration(deps, ctx, { definition: unknown });
    const line = unknown.split('\n').findIndex((one) => one.startsWith('defaultInstanceProfile')) + 1;
    expect(warnings).toMatchObject([
      { code: 'unknown_instance_profile', severity: 'warning', line, column: 1 },
    ]);
    expect(warnings[0]?.message).toContain('"Nowhere"');
    expect(await anInstance(services, unknown)).toMatchObject({ profileId: null });
    expect(await anInstance(services)).toMatchObject({ profileId: null });
    const standard = aDefinition({ defaultInstanceProfile: 'Default Instance Profile' });
    expect((await importIntegration(deps, ctx, { definition: standard })).warnings).toEqual([]);
  });

  test('count from the deploy on, and an instance whose profile was changed shows that it needs one', async () => {
    const { deps, ctx } = services;
    const profile = await aProfile({ allocatedMemoryMb: 700 });
    const { _id: id } = await anInstance(services);
    expect((await deployed(id))?.deployment).not.toHaveProperty('profile');
    await updateInstance(deps, ctx, { id, profileId: profile._id });
    expect(await stored(id)).toMatchObject({ needsDeploy: true, profileId: profile._id });
    expect((await stored(id))?.deployment).not.toHaveProperty('profile');
    const taken = { allocatedMemoryMb: 700 };
    expect(await deployed(id)).toMatchObject({ needsDeploy: false, deployment: { profile: taken } });
    await updateInstanceProfile(deps, ctx, { id: profile._id, description: 'Nothing that counts.' });
    expect(await stored(id)).toMatchObject({ needsDeploy: false });
    await updateInstanceProfile(deps, ctx, { id: profile._id, logsDisabled: true });
    expect(await stored(id)).toMatchObject({ needsDeploy: true, deployment: { profile: taken } });
    const off = { allocatedMemoryMb: 700, logsDisabled: true };
    expect(await deployed(id)).toMatchObject({ needsDeploy: false, deployment: { profile: off } });
    await updateInstance(deps, ctx, { id, profileId: null, logsDisabled: false, stepResultsDisabled: true });
    expect((await deployed(id))?.deployment?.profile).toEqual({ stepResultsDisabled: true });
  });

  test('the default one counts for instances that have none of their own, and may become another', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await anInstance(services);
    await deployed(id);
    const next = await aProfile({ isDefault: true, stepResultsDisabled: true });
    expect(await stored(id)).toMatchObject({ needsDeploy: true });
    expect((await deployed(id))?.deployment?.profile).toEqual({ stepResultsDisabled: true });
    const [before] = (await listInstanceProfiles(deps, ctx, { name: 'Default Instance Profile' })).nodes;
    await updateInstanceProfile(deps, ctx, { id: before!._id, isDefault: true });
    expect(await stored(id)).toMatchObject({ needsDeploy: true });
    expect((await deployed(id))?.deployment).not.toHaveProperty('profile');
    await deleteInstanceProfile(deps, ctx, { id: next._id });
  });

  test('neither a profile nor an instance turns on what the other has off', async () => {
    const { deps, ctx } = services;
    const profile = await aProfile({ logsDisabled: true });
    const { _id: id } = await anInstance(services);
    await updateInstance(deps, ctx, { id, profileId: profile._id, logsDisabled: false });
    expect((await deployed(id))?.deployment?.profile).toEqual({ logsDisabled: true });
  });
});

describe('profiles over GraphQL', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
  });
  afterAll(() => system?.stop());

  test('are made, given, read and deleted by their public names', async () => {
    const ask = graphqlClient(system, system.accessToken);
    const make = `mutation ($input: CreateInstanceProfileInput!) { createInstanceProfile(input: $input) {
      instanceProfile { id name allocatedMemoryMb logsDisabled stepResultsDisabled quickStart isDefaultProfile }
      errors { field messages }
    } }`;
    const input = { name: 'Quiet', allocatedMemoryMb: 2048, logsDisabled: true, quickStart: true };
    const made = (await ask(make, { input: { ...input, instanceBillingType: 'billable' } })).body;
    const profile = made.data?.['createInstanceProfile']?.['instanceProfile'];
    expect(profile).toMatchObject({ ...input, stepResultsDisabled: false, isDefaultProfile: false });
    const again = (await ask(make, { input })).body.data?.['createInstanceProfile'];
    expect(again).toMatchObject({ instanceProfile: null, errors: [{ field: 'name' }] });

    const { _id, integrationId } = await anInstance(system, aDefinition({ defaultInstanceProfile: 'Quiet' }));
    const read = `query ($id: ID!, $of: ID!) {
      instance(id: $id) { profile { name } logsDisabled stepResultsDisabled }
      integration(id: $of) { defaultInstanceProfile { name } }
      instanceProfiles(name_Icontains: "quiet", sortBy: [{ field: NAME, direction: DESC }]) {
        totalCount nodes { name instanceBillingType instances { nodes { name } } }
      }
    }`;
    expect((await ask(read, { id: _id, of: integrationId })).body.data).toMatchObject({
      instance: { profile: { name: 'Quiet' }, logsDisabled: false, stepResultsDisabled: false },
      integration: { defaultInstanceProfile: { name: 'Quiet' } },
      instanceProfiles: {
        totalCount: 1,
        nodes: [{ instanceBillingType: 'billable', instances: { nodes: [{}] } }],
      },
    });

    const remove = `mutation ($id: ID!) { deleteInstanceProfile(input: { id: $id }) { errors { messages } } }`;
    const refused = (await ask(remove, { id: profile?.['id'] })).body.data?.['deleteInstanceProfile'];
    expect(refused?.['errors']).toHaveLength(1);
    const { name } = await anInstance(system);
    const standard =
      '{ instanceProfiles(isDefaultProfile: true) { nodes { id allocatedMemoryMb instances { nodes { name } } } } }';
    const [first] = (await ask(standard)).body.data?.['instanceProfiles']?.['nodes'] ?? [];
    expect(first).toMatchObject({
      allocatedMemoryMb: system.env.TENON_RUNNER_MEMORY_MB,
      instances: { nodes: [{ name }] },
    });
    const change = `mutation ($id: ID!, $profile: ID) {
      updateInstance(input: { id: $id, profile: $profile, logsDisabled: true, stepResultsDisabled: true }) {
        instance { profile { id } logsDisabled stepResultsDisabled needsDeploy } errors { field }
      }
    }`;
    const changed = (await ask(change, { id: _id, profile: first?.['id'] })).body.data?.['updateInstance'];
    expect(changed).toEqual({
      instance: {
        profile: { id: first?.['id'] },
        logsDisabled: true,
        stepResultsDisabled: true,
        needsDeploy: true,
      },
      errors: [],
    });
    const removed = (await ask(remove, { id: profile?.['id'] })).body.data?.['deleteInstanceProfile'];
    expect(removed).toEqual({ errors: [] });
  });

  test('tell users of a customer nothing', async () => {
    const { _id, customerId } = await anInstance(system);
    const wanted = { role: 'customer_admin' as const, customerId: customerId! };
    const user = await aUser(system.deps, system.owner.organizationId, wanted);
    const ask = graphqlClient(system, await issueAccessToken(system.deps, user));
    const query = `query ($id: ID!) {
      instance(id: $id) { profile { name } integration { defaultInstanceProfile { name } } }
      instanceProfiles { nodes { id } }
    }`;
    expect((await ask(query, { id: _id })).body.data).toEqual({
      instance: { profile: null, integration: { defaultInstanceProfile: null } },
      instanceProfiles: { nodes: [] },
    });
  });
});
