import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { updateIntegration } from '../../src/services/integrations/update-integration';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { deleteUserConfig } from '../../src/services/user-configs/delete-user-config';
import { getUserConfig } from '../../src/services/user-configs/get-user-config';
import { updateUserConfig } from '../../src/services/user-configs/update-user-config';
import { viewUserConfig } from '../../src/services/user-configs/view-user-config';
import { definition, stringVar } from '../support/definition-builder';
import { graphqlClient } from '../support/graphql-client';
import { valuesOf } from '../support/oauth-provider/crm';
import { aUser, contextOf, errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import {
  anInstanceOfUsers,
  apiKey,
  aUserConfigOf,
  endOf,
  page,
  postShared,
  runsOfFlow,
  userVariables,
} from '../support/user-config-instance';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const anInstance = (name: string) => anInstanceOfUsers(system, name);
const aUserConfig = (instanceId: string, externalId: string, nick: string, key: string) =>
  aUserConfigOf(system, instanceId, { externalId, nick, key });
const post = (integrationId: string, body: unknown) => postShared(system, integrationId, body);
const ended = (id: string) => endOf(system, id);
const runsOf = (instanceId: string, flowName: string) => runsOfFlow(system, instanceId, flowName);

describe('an instance with pages that each user fills in', () => {
  it('is deployed without their values, and says that it has no user yet', async () => {
    const { deps, ctx } = system;
    const { instanceId } = await anInstance('State');
    const state = () => getConfigState(deps, ctx, { instanceId });
    expect(await state()).toBe('NEEDS_USER_LEVEL_CONFIGURATION');
    await deployInstance(deps, ctx, { id: instanceId });
    const config = await aUserConfig(instanceId, 'u', 'U', 'key-u');
    expect(await state()).toBe('FULLY_CONFIGURED');
    await deleteUserConfig(deps, ctx, { id: config._id });
    expect(await state()).toBe('NEEDS_USER_LEVEL_CONFIGURATION');
  });

  it('tells all that is wrong with a user’s values at once, and changes nothing', async () => {
    const { deps, ctx } = system;
    const { instanceId } = await anInstance('Wrong');
    const config = await aUserConfig(instanceId, 'ann', 'Ann', 'key');
    const wrong = [
      { key: 'Region', value: 'x' },
      { key: 'Nobody', value: 'x' },
      { key: 'Door', value: 'x' },
      { key: 'Nick', value: 'a' },
      { key: 'Nick', value: 'b' },
    ];
    const patch = [
      { key: 'Door', values: valuesOf({ handle: 'x' }) },
      { key: 'Region', value: 'y' },
    ];
    const all = ['Region', 'Nobody', 'Door', 'Nick'].map((key) => `configVariables.${key}`);
    const faultsOf = async (work: Promise<unknown>) => {
      const error = await errorOf(work);
      expect(error.code).toBe('invalid_input');
      return error.faults.map((fault) => fault.field);
    };
    expect(
      await faultsOf(createUserConfig(deps, ctx, { instanceId, externalId: 'b', configVariables: wrong })),
    ).toEqual(all);
    const change = { id: config._id, configVariables: wrong, configVariablePatch: patch };
    expect(await faultsOf(updateUserConfig(deps, ctx, change))).toEqual([
      ...all,
      'configVariables.Region',
      'configVariables.Door.handle',
    ]);
    expect(await deps.store.userConfigs.countDocuments({ instanceId })).toBe(1);
    expect((await deps.store.userConfigs.findById(config._id).lean())?.revision).toBe(config.revision);
  });

  it('keeps the secrets of users from results, and from readers', async () => {
    const { deps, ctx } = system;
    const { integrationId, instanceId, customer } = await anInstance('Secrets');
    await deployInstance(deps, ctx, { id: instanceId });
    const config = await aUserConfig(instanceId, 'ann', 'Ann', 'very-secret-key');
    const { id } = await post(integrationId, { customer, flow: 'Tell', user: 'ann' });
    expect((await ended(id)).status).toBe('SUCCESS');
    const { configVariables } = await viewUserConfig(deps, ctx, config);
    const stored = [
      ...(await deps.store.stepResults.find({ executionId: id }).lean()),
      ...(await deps.store.userConfigs.find({ instanceId }).lean()),
      configVariables,
    ];
    for (const one of stored) {
      const text = JSON.stringify(one, (_key, part: unknown) =>
        part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : part,
      );
      expect(text).not.toContain('very-secret-key');
    }
  });

  it('runs flows when the values of a user are complete, and before they are removed', async () => {
    const { deps, ctx } = system;
    const { instanceId } = await anInstance('Moments');
    await deployInstance(deps, ctx, { id: instanceId });
    const { _id: id } = await createUserConfig(deps, ctx, { instanceId, externalId: 'ann' });
    expect(await runsOf(instanceId, 'Welcome')).toEqual([]);
    await updateUserConfig(deps, ctx, { id, configVariables: userVariables('Ann', 'key') });
    const [welcome] = await runsOf(instanceId, 'Welcome');
    expect(welcome).toMatchObject({ invokeType: 'DEPLOY_FLOW', user: { id, revision: 2 } });
    expect((await ended(welcome!._id)).status).toBe('SUCCESS');
    await deleteUserConfig(deps, ctx, { id });
    const farewell = await runsOf(instanceId, 'Farewell');
    expect(farewell.map(({ invokeType, status }) => [invokeType, status])).toEqual([
      ['TEAR_DOWN_FLOW', 'SUCCESS'],
    ]);
  });

  it('takes its users along when it is deleted', async () => {
    const { deps, ctx } = system;
    const { instanceId } = await anInstance('Deleted');
    const { _id: id } = await aUserConfig(instanceId, 'ann', 'Ann', 'key');
    await updateUserConfig(deps, ctx, { id, configVariables: userVariables('Ann', 'key-2') });
    const left = async () => [
      await deps.store.userConfigs.countDocuments({ instanceId }),
      await deps.store.formerUserValues.countDocuments({ instanceId }),
    ];
    expect(await left()).toEqual([1, 1]);
    await deleteInstance(deps, ctx, { id: instanceId });
    expect(await left()).toEqual([0, 0]);
  });

  it('moves with a test instance to the customer whose integration it becomes', async () => {
    const { deps, ctx } = system;
    const { _id: integrationId } = await importIntegration(deps, ctx, {
      definition: definition(`Moved ${randomUUID()}`, [{ name: 'Say', steps: [] }], {
        requiredConfigVars: [stringVar('Nick'), apiKey('Door')],
        configPages: [page('You', ['Nick', 'Door'], { userLevelConfigured: true })],
      }),
    });
    const test = await deps.store.instances.findOne({ integrationId, isSystem: true }).lean();
    const { _id: id } = await aUserConfig(test!._id, 'ann', 'Ann', 'key');
    const { _id: customerId } = await createCustomer(deps, ctx, { name: `New ${randomUUID()}` });
    const admin = await aUser(deps, ctx.actor.organizationId, { role: 'customer_admin', customerId });
    expect(await errorOf(getUserConfig(deps, contextOf(admin), { id }))).toMatchObject({ code: 'not_found' });
    await updateIntegration(deps, ctx, { id: integrationId, customerId });
    expect(await getUserConfig(deps, contextOf(admin), { id })).toMatchObject({
      customerId,
      externalId: 'ann',
    });
    await updateIntegration(deps, ctx, { id: integrationId, customerId: null });
    expect(await errorOf(getUserConfig(deps, contextOf(admin), { id }))).toMatchObject({ code: 'not_found' });
  });

  it('is served by GraphQL, by the names that are known', async () => {
    const { instanceId } = await anInstance('GraphQL');
    const ask = graphqlClient(system, system.accessToken);
    const made = await ask(
      `mutation ($input: CreateUserLevelConfigInput!) { createUserLevelConfig(input: $input) {
        userLevelConfig { id externalId configVariables { nodes { status requiredConfigVariable { key } inputs { nodes { name value } } } } }
        errors { field } } }`,
      { input: { instance: instanceId, externalId: 'ann', configVariables: userVariables('Ann', 'secret') } },
    );
    const { userLevelConfig: config } = made.body.data!['createUserLevelConfig']!;
    expect(config).toMatchObject({
      externalId: 'ann',
      configVariables: {
        nodes: [
          { status: 'ACTIVE', requiredConfigVariable: { key: 'Nick' } },
          { status: 'ACTIVE', requiredConfigVariable: { key: 'Door' }, inputs: { nodes: expect.any(Array) } },
        ],
      },
    });
    expect(JSON.stringify(made.body)).not.toContain('secret');
    const twice = await ask(
      `mutation ($id: ID!) {
        updateUserLevelConfig(input: { id: $id, name: "Ann" }) { userLevelConfig { name instance { configState } } errors { field } }
      }`,
      { id: config!['id'] },
    );
    expect(twice.body.data).toMatchObject({
      updateUserLevelConfig: {
        userLevelConfig: { name: 'Ann', instance: { configState: 'FULLY_CONFIGURED' } },
      },
    });
    const listed = await ask(
      `query ($id: ID!) { instance(id: $id) { userLevelConfigs(user_ExternalId: "ann") { totalCount nodes { id } } } }`,
      { id: instanceId },
    );
    expect(listed.body.data).toMatchObject({
      instance: { userLevelConfigs: { totalCount: 1, nodes: [{ id: config!['id'] }] } },
    });
    const gone = await ask(
      'mutation ($id: ID!) { deleteUserLevelConfig(input: { id: $id }) { userLevelConfig { id } errors { field } } }',
      { id: config!['id'] },
    );
    expect(gone.body.data).toMatchObject({ deleteUserLevelConfig: { errors: [] } });
  });
});
