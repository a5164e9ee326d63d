import { randomUUID } from 'node:crypto';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createInstanceProfile } from '../../src/services/instance-profiles/create-instance-profile';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { graphqlClient } from '../support/graphql-client';
import { restCaller } from '../support/http';
import { askingDefinition, publishLocalService } from '../support/on-premise';
import { aUser } from '../support/services';
import { anInstanceOf } from '../support/shared-connection';
import { type System, startSystem } from '../support/system';

interface Shown {
  profileId: string | null;
  items: { id: string; key: string; profileId: string | null; onPremiseResourceId: string | null }[];
}

let system: System;
beforeAll(async () => {
  system = await startSystem({ worker: false });
  await publishLocalService(system);
});
afterAll(() => system?.stop());

/** An instance with a profile and an on-premise resource of the organization, and its customer's administrator. */
async function aSubject() {
  const { deps, ctx, owner } = system;
  const { _id: profileId } = await createInstanceProfile(deps, ctx, { name: `Profile ${randomUUID()}` });
  const { resource } = await createAgentToken(deps, ctx, { orgOnly: true });
  const { id, customerId } = await anInstanceOf(system, askingDefinition(`Seen ${randomUUID()}`, 'allowed'));
  await choose(id, resource._id);
  await updateInstance(deps, ctx, { id, profileId });
  const user = await aUser(deps, owner.organizationId, { role: 'customer_admin', customerId });
  return { id, customerId, profileId, resourceId: resource._id, token: await issueAccessToken(deps, user) };
}

const choose = (id: string, onPremiseResourceId: string) =>
  updateInstance(system.deps, system.ctx, { id, configVariables: [{ key: 'Service', onPremiseResourceId }] });

/** What REST says of the profile, by each operation that answers with an instance, and of the resource. */
async function overRest(token: string, id: string) {
  const rest = restCaller(system.apiUrl, token);
  const bodies = [
    await rest<Shown>('GET', `/instances/${id}`),
    await rest<Shown>('PATCH', `/instances/${id}`, { labels: [randomUUID()] }),
    await rest<Shown>('POST', `/instances/${id}/disable`),
    await rest<Shown>('POST', `/instances/${id}/enable`),
    await rest<Shown>('POST', `/instances/${id}/deploy`),
  ];
  const list = await rest<Shown>('GET', '/instances');
  const variables = await rest<Shown>('GET', `/instances/${id}/config-variables`);
  const profiles = bodies.map(({ status, body }) => [status, body.profileId]);
  const inList = list.body.items.find((one) => one.id === id)?.profileId;
  return { profiles, inList, resource: variables.body.items[0]?.onPremiseResourceId };
}

async function overGraphql(token: string, id: string) {
  const query = `query ($id: ID!) { instance(id: $id) {
    profile { name } configVariables { nodes { onPremiseResource { name } } } } }`;
  const { body } = await graphqlClient(system, token)(query, { id });
  const { profile, configVariables } = body.data!['instance']!;
  return { hasProfile: profile !== null, resources: configVariables!['nodes'] };
}

const five = (profileId: string | null) => Array.from({ length: 5 }, () => [200, profileId]);

describe('what users of a customer see of an instance', () => {
  it('is neither its profile nor an on-premise resource of the organization, over REST as over GraphQL', async () => {
    const { id, token, profileId, resourceId } = await aSubject();
    await deployInstance(system.deps, system.ctx, { id, force: true });
    expect(await overRest(token, id)).toEqual({ profiles: five(null), inList: null, resource: null });
    expect(await overGraphql(token, id)).toEqual({
      hasProfile: false,
      resources: [{ onPremiseResource: null }],
    });
    const own = system.accessToken;
    expect(await overRest(own, id)).toEqual({
      profiles: five(profileId),
      inList: profileId,
      resource: resourceId,
    });
    expect(await overGraphql(own, id)).toMatchObject({
      hasProfile: true,
      resources: [{ onPremiseResource: { name: expect.any(String) } }],
    });
  });

  it('is an on-premise resource of that customer', async () => {
    const { id, customerId, token } = await aSubject();
    const { resource } = await createAgentToken(system.deps, system.ctx, { customerId });
    await choose(id, resource._id);
    expect((await overRest(token, id)).resource).toBe(resource._id);
    expect((await overGraphql(token, id)).resources).toEqual([
      { onPremiseResource: { name: expect.any(String) } },
    ]);
  });
});
