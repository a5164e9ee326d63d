import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { draftDeployment } from '../../src/services/executions/accept/draft-deployment';
import { createInstance } from '../../src/services/instances/create-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { updateIntegration } from '../../src/services/integrations/update-integration';
import { loadStates } from '../../src/services/state/load-states';
import { PERSISTENT_LEVELS } from '../../src/services/state/persistent-levels';
import { sealState } from '../../src/services/state/sealed-state';
import { writeStates } from '../../src/services/state/write-states';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { updateUserConfig } from '../../src/services/user-configs/update-user-config';
import { definition, step, stringVar, value } from '../support/definition-builder';
import { crmConnection, valuesOf } from '../support/oauth-provider/crm';
import {
  grantFirst,
  type OauthSystem,
  startOauthSystem,
  viewOfFirst,
} from '../support/oauth-provider/oauth-system';
import { page } from '../support/user-config-instance';

let subject: OauthSystem;
beforeAll(async () => {
  subject = await startOauthSystem({ worker: false });
});
afterAll(() => subject?.stop());

const DEFINITION = () =>
  definition(
    `Moved ${randomUUID()}`,
    [
      {
        name: 'Main',
        steps: [
          step('Ask', 'http.httpGet', {
            url: value('http://127.0.0.1:1/'),
            connection: { type: 'configVar', value: 'CRM' },
          }),
        ],
      },
    ],
    {
      requiredConfigVars: [crmConnection('CRM', 'pkce'), stringVar('Account', 'none'), stringVar('Nick')],
      configPages: [page('All', ['CRM', 'Account']), page('You', ['Nick'], { userLevelConfigured: true })],
    },
  );

/** Large enough for a blob. */
const STATE = { token: 'of the customer'.repeat(10_000) };

const aCustomer = async () => {
  const { deps, ctx } = subject.system;
  return (await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` }))._id;
};

/** An integration whose test instance has everything that one can have; nobody's when no customer is given. */
async function aFilledIn(customerId?: string) {
  const { deps, ctx } = subject.system;
  const { _id: id } = await importIntegration(deps, ctx, {
    definition: DEFINITION(),
    ...(customerId && { customerId }),
  });
  const test = (await deps.store.instances.findOne({ integrationId: id, isSystem: true }).lean())!;
  const [flow] = await listFlowConfigs(deps, ctx, { instanceId: test._id });
  await updateInstance(deps, ctx, {
    id: test._id,
    configVariables: [
      { key: 'CRM', values: valuesOf(subject.provider.fieldsOf('post')) },
      { key: 'Account', value: 'their account' },
    ],
    flowConfigs: [{ flowId: flow!.flowId, apiKeys: ['their-key'], testPayload: '{"their":1}' }],
  });
  await grantFirst(subject.system, test._id);
  const user = await createUserConfig(deps, ctx, { instanceId: test._id, externalId: 'ann' });
  const configVariables = [{ key: 'Nick', value: 'Ann' }];
  await updateUserConfig(deps, ctx, { id: user._id, configVariables });
  const owner = { flowConfigId: flow!._id, instanceId: test._id, integrationId: id };
  const sealed = sealState(deps, STATE);
  await writeStates(deps, owner, new Map(PERSISTENT_LEVELS.map((level) => [level, sealed])), 'a run');
  return { id, testId: test._id, flowConfigId: flow!._id, owner };
}

type FilledIn = Awaited<ReturnType<typeof aFilledIn>>;

const move = (id: string, customerId: string | null) =>
  updateIntegration(subject.system.deps, subject.system.ctx, { id, customerId });

/** What there is of it: counts, what a run would get, and what readers see. */
async function leftOf({ testId, flowConfigId, owner }: FilledIn) {
  const { deps, ctx } = subject.system;
  const { connections, consents, userConfigs, formerUserValues, connection } = deps.store;
  const ofTest = { instanceId: testId };
  const { configRevisionId } = await draftDeployment(deps, testId);
  const config = await resolveConfig(deps, configRevisionId);
  const flow = (await listFlowConfigs(deps, ctx, ofTest)).find(({ _id }) => _id === flowConfigId)!;
  return {
    connections: await connections.countDocuments(ofTest),
    consents: await consents.countDocuments(ofTest),
    users: await userConfigs.countDocuments(ofTest),
    formerValues: await formerUserValues.countDocuments(ofTest),
    blobs: await connection.collection('blobs.files').countDocuments({ 'metadata.instanceId': testId }),
    states: [...(await loadStates(deps, owner, PERSISTENT_LEVELS)).keys()].toSorted(),
    secret: (config['CRM'] as { fields: Record<string, string> }).fields['clientSecret'] ?? '',
    account: config['Account'],
    keys: flow.apiKeys,
    payload: flow.testPayload,
    status: (await viewOfFirst(subject.system, testId)).status,
    state: await getConfigState(deps, ctx, ofTest),
  };
}

const NOTHING = {
  connections: 0,
  consents: 0,
  users: 0,
  formerValues: 0,
  blobs: 0,
  states: [] as string[],
  secret: '',
  account: 'none',
  keys: [],
  payload: null,
  status: 'PENDING',
  state: 'NEEDS_INSTANCE_CONFIGURATION',
};

describe('the test instance of an integration that a customer owns', () => {
  it('keeps nothing of that customer when it becomes another one’s, and asks for its values again', async () => {
    const filled = await aFilledIn(await aCustomer());
    expect(await leftOf(filled)).toMatchObject({
      connections: 1,
      users: 1,
      formerValues: 1,
      blobs: 2,
      states: [...PERSISTENT_LEVELS].toSorted(),
      secret: expect.stringMatching(/./),
      account: 'their account',
      keys: ['their-key'],
      status: 'ACTIVE',
      state: 'FULLY_CONFIGURED',
    });
    await move(filled.id, await aCustomer());
    expect(await leftOf(filled)).toEqual(NOTHING);
    const view = await viewOfFirst(subject.system, filled.testId);
    expect([view.isSet, view.statusReason]).toEqual([false, expect.stringContaining('Values are missing')]);
  });

  it('keeps nothing either when it goes back to the organization, but the state that instances share with it', async () => {
    const { deps, ctx } = subject.system;
    const customerId = await aCustomer();
    const filled = await aFilledIn(customerId);
    const { _id: integrationId } = await publishIntegration(deps, ctx, { id: filled.id });
    await createInstance(deps, ctx, { name: 'Theirs', integrationId, customerId });
    await move(filled.id, null);
    expect(await leftOf(filled)).toEqual({ ...NOTHING, states: ['integrationState'] });
  });

  it('stays as it is when the same customer is given again', async () => {
    const customerId = await aCustomer();
    const filled = await aFilledIn(customerId);
    const before = await leftOf(filled);
    await move(filled.id, customerId);
    expect(await leftOf(filled)).toEqual(before);
  });
});

describe('the test instance of an integration of the organization', () => {
  it('takes along what the organization filled in when it becomes a customer’s', async () => {
    const filled = await aFilledIn();
    const before = await leftOf(filled);
    await move(filled.id, await aCustomer());
    expect(await leftOf(filled)).toEqual(before);
    await move(filled.id, null);
    expect(await leftOf(filled)).toEqual(NOTHING);
  });
});
