import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCustomer } from '../../src/services/customers/create-customer';
import { makeRetry } from '../../src/services/executions/retry/make-retry';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { updateIntegration } from '../../src/services/integrations/update-integration';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { deleteUserConfig } from '../../src/services/user-configs/delete-user-config';
import { getUserConfig } from '../../src/services/user-configs/get-user-config';
import { readRunUser } from '../../src/services/user-configs/read-run-user';
import { updateUserConfig } from '../../src/services/user-configs/update-user-config';
import { viewUserConfig } from '../../src/services/user-configs/view-user-config';
import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, reference, step, stringVar, value } from '../support/definition-builder';
import { graphqlClient } from '../support/graphql-client';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { crmConnection, publishCrm, valuesOf } from '../support/oauth-provider/crm';
import { type OauthProvider, startOauthProvider } from '../support/oauth-provider/start';
import { aUser, contextOf, errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let provider: OauthProvider;
/** The third party: what it was sent as authorization. */
let server: Server;
let url: string;
const bearers: string[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    bearers.push(req.headers.authorization ?? '');
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  system = await startSystem({ env: { TENON_RETRY_MINUTE_MS: '1500' } });
  provider = await startOauthProvider(`${system.apiUrl}/oauth2/callback`);
  await publishCrm(system.deps.store, system.ctx);
});
afterAll(async () => {
  provider?.stop();
  await system?.stop();
  server?.closeAllConnections();
  server?.close();
});

const field = (name: string) => reference(`payload.results.body.data.${name}`);
const page = (name: string, keys: string[], rest: object = {}) => ({
  name,
  elements: keys.map((key) => ({ type: 'configVar', value: key })),
  ...rest,
});
const apiKey = (key: string) => ({
  key,
  dataType: 'connection',
  connection: { key: 'apiKey', component: { key: 'http', isPublic: true, version: 'LATEST' } },
});
const SAY = code(
  'Say',
  `module.exports = async ({ configVars, user }, { trigger }) => ({ data: {
    nick: configVars.Nick, region: configVars.Region, length: configVars.Door && configVars.Door.fields.apiKey.length,
    user, ofPayload: trigger.results.user } });`,
);
const NOTE = code(
  'Note',
  'module.exports = async ({ configVars, user }) => ({ data: [user.externalId, configVars.Nick] });',
);
const TELL = code(
  'Tell',
  'module.exports = async ({ configVars }) => ({ data: configVars.Door.fields.apiKey });',
);
const FAIL = code(
  'Fail',
  'module.exports = async ({ configVars, user }) => { throw new Error(`${user.externalId} ${configVars.Nick}`); };',
);
const CALL = step('Call', 'cross-flow.invokeFlow', { flowName: value('Say'), data: value('{}') });
const managed = (key: string) => ({ ...step('Moment', `management-triggers.${key}`), isTrigger: true });

/** A customer's deployed instance of an integration whose customers share an address. */
async function anInstance(name: string) {
  const { deps, ctx } = system;
  const { _id: integrationId } = await importIntegration(deps, ctx, {
    definition: definition(
      `${name} ${randomUUID()}`,
      [
        { name: 'Say', steps: [SAY], isSynchronous: true },
        { name: 'Call', steps: [CALL], isSynchronous: true },
        { name: 'Tell', steps: [TELL] },
        {
          name: 'Fail',
          steps: [FAIL],
          retryConfig: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false },
        } as never,
        { name: 'Welcome', trigger: managed('userLevelConfigDeploy'), steps: [NOTE] },
        { name: 'Farewell', trigger: managed('userLevelConfigRemove'), steps: [NOTE] },
      ],
      {
        endpointType: 'shared_instance',
        flowNameField: field('flow'),
        externalCustomerIdField: field('customer'),
        externalCustomerUserIdField: field('user'),
        requiredConfigVars: [stringVar('Region', 'north'), stringVar('Nick'), apiKey('Door')],
        configPages: [page('All', ['Region']), page('You', ['Nick', 'Door'], { userLevelConfigured: true })],
      },
    ),
  });
  await publishIntegration(deps, ctx, { id: integrationId });
  const externalId = `c-${randomUUID()}`;
  const customer = await createCustomer(deps, ctx, { name: externalId, externalId });
  const { _id: instanceId } = await createInstance(deps, ctx, {
    name: 'Of users',
    integrationId,
    customerId: customer._id,
  });
  return { integrationId, instanceId, customer: externalId };
}

const variables = (nick: string, key: string) => [
  { key: 'Nick', value: nick },
  { key: 'Door', values: valuesOf({ apiKey: key }) },
];

const aUserConfig = (instanceId: string, externalId: string, nick: string, key: string) =>
  createUserConfig(system.deps, system.ctx, {
    instanceId,
    externalId,
    name: `Name of ${externalId}`,
    email: `${externalId}@example.com`,
    configVariables: variables(nick, key),
  });

async function post(integrationId: string, body: unknown) {
  const response = await fetch(`${system.apiUrl}/trigger/${integrationId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const id = Buffer.from(response.headers.get('prismatic-executionid') ?? '', 'base64')
    .toString()
    .split(':')[1]!;
  return { status: response.status, id, body: (await response.json()) as Record<string, unknown> };
}

const ended = (id: string): Promise<Execution> =>
  until('the end', async () => {
    const found = await system.deps.store.executions.findById(id).lean<Execution>();
    return found?.phase === 'ended' ? found : undefined;
  });

const runsOf = (instanceId: string, flowName: string) =>
  system.deps.store.executions.find({ instanceId, flowName }).sort({ _id: 1 }).lean<Execution[]>();

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

  it('runs a delivery with the values of the user that it names, and no others', async () => {
    const { deps, ctx } = system;
    const { integrationId, instanceId, customer } = await anInstance('Two');
    await deployInstance(deps, ctx, { id: instanceId });
    for (const user of ['ann', 'bob']) await aUserConfig(instanceId, user, `${user}!`, `${user}-secret-key`);
    const says = async (user: string | undefined, flow = 'Say') =>
      (await post(integrationId, { customer, flow, user })).body;
    for (const user of ['ann', 'bob', 'ann']) {
      const subject = { externalId: user, name: `Name of ${user}`, email: `${user}@example.com` };
      expect(await says(user)).toEqual({
        nick: `${user}!`,
        region: 'north',
        length: `${user}-secret-key`.length,
        user: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), ...subject },
        ofPayload: expect.objectContaining(subject),
      });
    }
    const none = { id: '', externalId: '', name: '', email: '' };
    expect(await says(undefined)).toEqual({ region: 'north', length: 0, user: none, ofPayload: none });
    const called = await says('bob', 'Call');
    expect(JSON.stringify(called)).toContain('bob!');
    const runs = await runsOf(instanceId, 'Say');
    expect(runs.map(({ user }) => user?.revision)).toEqual([1, 1, 1, undefined, 1]);
    expect(runs[4]).toMatchObject({ invokeType: 'CROSS_FLOW', user: runs[1]?.user });
  });

  it('refuses a user who is not known or lacks values, and leaves no execution', async () => {
    const { deps, ctx } = system;
    const { integrationId, instanceId, customer } = await anInstance('Refused');
    await deployInstance(deps, ctx, { id: instanceId });
    const config = await createUserConfig(deps, ctx, { instanceId, externalId: 'half' });
    const answers = [
      await post(integrationId, { customer, flow: 'Say', user: 'nobody' }),
      await post(integrationId, { customer, flow: 'Say', user: 'half' }),
    ];
    expect(answers.map(({ status, body }) => [status, body['code'], body['detail']])).toEqual([
      [404, 'route_not_found', expect.stringContaining('"nobody"')],
      [404, 'route_not_found', expect.stringMatching(/"half".*"Nick", the field "apiKey" of "Door"/)],
    ]);
    expect(await deps.store.executions.countDocuments({ instanceId })).toBe(0);
    await updateUserConfig(deps, ctx, { id: config._id, configVariables: variables('Half', 'key') });
    expect((await post(integrationId, { customer, flow: 'Say', user: 'half' })).status).toBe(200);
    const wrong = createUserConfig(deps, ctx, {
      instanceId,
      externalId: 'other',
      configVariables: [{ key: 'Region', value: 'x' }],
    });
    expect(await errorOf(wrong)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('set on the instance'),
    });
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

  it('refuses a delivery that names its user by something that is no name, and takes a number', async () => {
    const { deps, ctx } = system;
    const { integrationId, instanceId, customer } = await anInstance('Named');
    await deployInstance(deps, ctx, { id: instanceId });
    await aUserConfig(instanceId, '7', 'Seven', 'key');
    for (const [user, what] of [
      [{ id: '7' }, 'an object'],
      [['7'], 'a list'],
      [true, 'true'],
      [false, 'false'],
      [2 ** 53 + 2, 'a number of more than 15 digits, which JSON does not keep exactly'],
    ] as const) {
      expect(await post(integrationId, { customer, flow: 'Say', user })).toMatchObject({
        status: 404,
        body: { code: 'route_not_found', detail: expect.stringContaining(`user by ${what};`) },
      });
    }
    expect(await runsOf(instanceId, 'Say')).toEqual([]);
    expect((await post(integrationId, { customer, flow: 'Say', user: 7 })).body).toMatchObject({
      nick: 'Seven',
    });
    for (const user of [null, '', undefined])
      expect((await post(integrationId, { customer, flow: 'Say', user })).status).toBe(200);
    expect(await post(integrationId, { customer: { id: customer }, flow: 'Say' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('customer by an object') },
    });
  });

  it('takes changed values without a deploy; a run keeps those that it began with, a retry has the present ones', async () => {
    const { deps, ctx } = system;
    const { integrationId, instanceId, customer } = await anInstance('Changed');
    await deployInstance(deps, ctx, { id: instanceId });
    const { _id: id } = await aUserConfig(instanceId, 'ann', 'before', 'key-1');
    const failed = await ended((await post(integrationId, { customer, flow: 'Fail', user: 'ann' })).id);
    expect(failed.error?.message).toContain('ann before');
    await updateUserConfig(deps, ctx, { id, configVariablePatch: [{ key: 'Nick', value: 'after' }] });
    const [present, former] = [
      await readRunUser(deps, { id, revision: 2 }),
      await readRunUser(deps, failed.user!),
    ];
    expect(former.configVariables).not.toEqual(present.configVariables);
    await makeRetry(deps, failed._id);
    const retried = await ended(failed.nextRetry!.executionId);
    expect(retried.error?.message).toContain('ann after');
    expect(retried.user).toEqual({ id, revision: 2 });
    expect((await post(integrationId, { customer, flow: 'Say', user: 'ann' })).body).toMatchObject({
      nick: 'after',
    });
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
    await updateUserConfig(deps, ctx, { id, configVariables: variables('Ann', 'key') });
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
    await updateUserConfig(deps, ctx, { id, configVariables: variables('Ann', 'key-2') });
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
      { input: { instance: instanceId, externalId: 'ann', configVariables: variables('Ann', 'secret') } },
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

describe('an OAuth connection of each user', () => {
  it('waits for the consent of that user, and its token goes with their runs alone', async () => {
    const { deps, ctx } = system;
    const call = step('Ask', 'http.httpGet', {
      url: value(url),
      connection: { type: 'configVar', value: 'CRM' },
    });
    const { _id: integrationId } = await importIntegration(deps, ctx, {
      definition: definition(`Consents ${randomUUID()}`, [{ name: 'Main', steps: [call] }], {
        endpointType: 'instance_specific',
        externalCustomerUserIdField: field('user'),
        requiredConfigVars: [crmConnection('CRM', 'pkce')],
        configPages: [page('You', ['CRM'], { userLevelConfigured: true })],
      }),
    });
    await publishIntegration(deps, ctx, { id: integrationId });
    const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
    const { _id: instanceId } = await createInstance(deps, ctx, {
      name: 'With consents',
      integrationId,
      customerId: customer._id,
    });
    await deployInstance(deps, ctx, { id: instanceId });
    expect(await listFlowConfigs(deps, ctx, { instanceId })).toHaveLength(1);
    for (const externalId of ['ann', 'bob']) {
      const config = await createUserConfig(deps, ctx, {
        instanceId,
        externalId,
        configVariables: [{ key: 'CRM', values: valuesOf(provider.fieldsOf('post')) }],
      });
      const before = await post(instanceId, { user: externalId });
      expect([before.status, before.body['detail']]).toEqual([
        404,
        expect.stringContaining('consent to "CRM"'),
      ]);
      const { configVariables } = await viewUserConfig(deps, ctx, config);
      const end = await grantAccess(new Browser(), configVariables[0]?.authorizeUrl ?? '');
      expect(end.status).toBe(200);
      expect(await viewUserConfig(deps, ctx, config)).toMatchObject({
        missing: [],
        configVariables: [{ status: 'ACTIVE' }],
      });
    }
    bearers.length = 0;
    for (const user of ['ann', 'bob', 'ann']) {
      expect((await ended((await post(instanceId, { user })).id)).status).toBe('SUCCESS');
    }
    expect(bearers).toEqual([bearers[0], bearers[1], bearers[0]]);
    expect(bearers[0]).toMatch(/^Bearer ./);
    expect(bearers[1]).not.toBe(bearers[0]);
    const ann = await deps.store.userConfigs.findOne({ instanceId, externalId: 'ann' }).lean();
    await deleteUserConfig(deps, ctx, { id: ann!._id });
    const left = await deps.store.connections.find({ instanceId }).lean();
    expect(left.map(({ userConfigId }) => userConfigId === ann!._id)).toEqual([false]);
  });
});
