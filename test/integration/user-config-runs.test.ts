import { makeRetry } from '../../src/services/executions/retry/make-retry';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { readRunUser } from '../../src/services/user-configs/read-run-user';
import { updateUserConfig } from '../../src/services/user-configs/update-user-config';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import {
  anInstanceOfUsers,
  aUserConfigOf,
  endOf,
  postShared,
  runsOfFlow,
  userVariables,
} from '../support/user-config-instance';

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { TENON_RETRY_MINUTE_MS: '1500' } });
});
afterAll(() => system?.stop());

const anInstance = (name: string) => anInstanceOfUsers(system, name);
const aUserConfig = (instanceId: string, externalId: string, nick: string, key: string) =>
  aUserConfigOf(system, instanceId, { externalId, nick, key });
const post = (integrationId: string, body: unknown) => postShared(system, integrationId, body);
const ended = (id: string) => endOf(system, id);
const runsOf = (instanceId: string, flowName: string) => runsOfFlow(system, instanceId, flowName);

describe('an integration with pages that each user fills in', () => {
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
    await updateUserConfig(deps, ctx, { id: config._id, configVariables: userVariables('Half', 'key') });
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
});
