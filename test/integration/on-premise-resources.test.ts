import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createCustomer } from '../../src/services/customers/create-customer';
import type { OpenVariable } from '../../src/services/instances/config/open-variables';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { updateIntegration } from '../../src/services/integrations/update-integration';
import { checkChosen } from '../../src/services/on-premise/check-chosen';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { deleteOnPremiseResource } from '../../src/services/on-premise/delete-resource';
import { getOnPremiseResource } from '../../src/services/on-premise/find-resource';
import { rotateAgentToken } from '../../src/services/on-premise/rotate-agent-token';
import { graphqlClient } from '../support/graphql-client';
import { askingDefinition } from '../support/on-premise';
import { type OnPremiseSystem, startOnPremiseSystem } from '../support/on-premise-system';
import { aUser, contextOf, errorOf } from '../support/services';
import { until } from '../support/until';

let subject: OnPremiseSystem;
beforeAll(async () => {
  subject = await startOnPremiseSystem();
}, 60_000);
afterEach(() => subject.endAgents());
afterAll(() => subject?.stop());

describe('a token', () => {
  it('that is none of ours is refused, and the agent ends', async () => {
    const agent = subject.agentFor(subject.system.accessToken);
    expect(await agent.ended).toBe(1);
    expect(agent.said()).toContain('the token is refused');
  }, 30_000);

  it('that is none of ours leaves no connection open, whatever its sender does', async () => {
    const { hostname, port } = new URL(subject.system.apiUrl);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const said = buffer(socket);
    socket.write(
      'GET /on-premise/agent HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect((await said).toString()).toMatch(/^HTTP\/1\.1 401 [^]*"unauthenticated"/);
    const broken = once(socket, 'error');
    const writing = setInterval(() => socket.write('still here'), 50);
    await broken;
    clearInterval(writing);
  }, 10_000);

  it('that was rotated cuts its agent off; the new one holds', async () => {
    const { agent, resource } = await subject.connectedAgent();
    const { jwt } = await rotateAgentToken(subject.system.deps, subject.system.ctx, { id: resource._id });
    expect(await agent.ended).toBe(1);
    expect(await subject.stand(resource._id)).toBe('UNAVAILABLE');
    subject.agentFor(jwt);
    await subject.isAvailable(resource._id);
  }, 30_000);

  it('lets a second agent wait until the first has gone', async () => {
    const { jwt, agent, resource } = await subject.connectedAgent();
    const second = subject.agentFor(jwt);
    await until('its waiting', () => second.said().includes('Another agent is connected'));
    agent.child.kill('SIGTERM');
    await until('its turn', () => second.said().includes('connected to http'));
    await subject.isAvailable(resource._id);
  }, 30_000);
});

describe('an on-premise resource', () => {
  it('is required at deploy where the definition says so, which names the variable and no field that the agent gives', async () => {
    const id = await subject.anInstance(askingDefinition('Required', 'required'));
    const { faults } = await errorOf(deployInstance(subject.system.deps, subject.system.ctx, { id }));
    const fields = faults.map(({ field }) => field);
    expect(fields).toContain('configVariables.Service.onPremiseResourceId');
    expect(fields).not.toContain('configVariables.Service.host');
    expect(fields).not.toContain('configVariables.Service.port');
    expect(faults[0]?.messages[0]).toMatch(
      /"Service" needs an on-premise resource, which "Call" uses: choose/,
    );
  });

  it('is refused where the definition does not allow it, and another customer’s is not there', async () => {
    const { resource } = await subject.aResource();
    const refused = await errorOf(
      subject.anInstance(askingDefinition('Disallowed', 'disallowed'), resource._id),
    );
    expect(refused.faults[0]?.messages[0]).toContain('takes no on-premise resource');
    const other = await createCustomer(subject.system.deps, subject.system.ctx, { name: 'Hooli' });
    const { resource: theirs } = await subject.aResource(other._id);
    const foreign = await errorOf(subject.anInstance(askingDefinition('Foreign', 'allowed'), theirs._id));
    expect(foreign.faults[0]?.messages[0]).toContain('is not there for this customer');
  });

  it('of the organization serves any customer, and only the organization chooses it', async () => {
    const { deps } = subject.system;
    const { resource: shared } = await createAgentToken(deps, subject.system.ctx, { orgOnly: true });
    const id = await subject.anInstance(askingDefinition('Org', 'allowed'), shared._id);
    const admin = contextOf(
      await aUser(deps, subject.system.owner.organizationId, {
        role: 'customer_admin',
        customerId: subject.customerId,
      }),
    );
    const choose = (onPremiseResourceId: string | null) =>
      updateInstance(deps, admin, { id, configVariables: [{ key: 'Service', onPremiseResourceId }] });
    await updateInstance(deps, admin, { id, configVariables: [{ key: 'Service' }] });
    const kept = await deps.store.instances.findById(id).lean();
    expect(kept?.configVariables[0]?.onPremiseResourceId).toBe(shared._id);
    await choose(null);
    expect((await errorOf(choose(shared._id))).code).toBe('invalid_input');
    expect((await errorOf(getOnPremiseResource(deps, admin, { id: shared._id }))).code).toBe('not_found');
    const { resource: own } = await createAgentToken(deps, admin, {});
    expect(own.customerId).toBe(subject.customerId);
    await choose(own._id);
    const chosen = (key: string, id: string): OpenVariable => ({
      key,
      value: null,
      fields: new Map(),
      timeZone: null,
      onPremiseResourceId: id,
    });
    const before = new Map([['Service', chosen('Service', shared._id)]]);
    const after = new Map([...before, ['Another', chosen('Another', shared._id)]]);
    const instance = { organizationId: own.organizationId, customerId: subject.customerId };
    const at = (isCustomerUser: boolean) => checkChosen(deps, instance, { before, after, isCustomerUser });
    await at(false);
    expect((await errorOf(at(true))).faults.map(({ field }) => field)).toEqual([
      'configVariables.Another.onPremiseResourceId',
    ]);
  });

  it('stays with its customer when an integration becomes another one’s; the organization’s stays chosen', async () => {
    const { deps, ctx } = subject.system;
    const { resource } = await subject.aResource();
    const { resource: shared } = await createAgentToken(deps, ctx, { orgOnly: true });
    const { _id: id } = await importIntegration(deps, ctx, {
      definition: askingDefinition(`Moved ${randomUUID()}`, 'allowed'),
      customerId: subject.customerId,
    });
    const choose = async (onPremiseResourceId: string) => {
      const test = await deps.store.instances.findOne({ integrationId: id, isSystem: true }).lean();
      const configVariables = [{ key: 'Service', onPremiseResourceId }];
      await updateInstance(deps, ctx, { id: test!._id, configVariables });
    };
    const move = async (to: string | null) => {
      await updateIntegration(deps, ctx, { id, customerId: to });
      const test = await deps.store.instances.findOne({ integrationId: id, isSystem: true }).lean();
      return test!.configVariables[0]?.onPremiseResourceId;
    };
    const { _id: other } = await createCustomer(deps, ctx, { name: `Other ${randomUUID()}` });
    await choose(resource._id);
    expect(await move(other)).toBeUndefined();
    expect((await errorOf(choose(resource._id))).faults[0]?.messages[0]).toContain('is not there for this');
    await choose(shared._id);
    expect(await move(subject.customerId)).toBe(shared._id);
    await choose(resource._id);
    expect(await move(null)).toBeUndefined();
  });

  it('that is deleted cuts its agent off, and neither runs nor deploys go on as if it were there', async () => {
    const { agent, resource } = await subject.connectedAgent();
    const { instanceId, run } = await subject.deployed(askingDefinition('Deleted', 'allowed'), resource._id);
    await deleteOnPremiseResource(subject.system.deps, subject.system.ctx, { id: resource._id });
    expect(await agent.ended).toBe(1);
    expect((await run()).body['detail']).toContain('its on-premise resource was deleted');
    const { faults } = await errorOf(
      deployInstance(subject.system.deps, subject.system.ctx, { id: instanceId }),
    );
    expect(faults[0]?.messages[0]).toContain('is not there for this customer');
  }, 30_000);

  it('is created, chosen, listed, rotated and deleted by GraphQL as prism does', async () => {
    const ask = graphqlClient(subject.system, subject.system.accessToken);
    const created = await ask(
      'mutation { createOnPremiseResourceJWT(input: { orgOnly: true }) { result { jwt } } }',
    );
    expect(created.body.data?.['createOnPremiseResourceJWT']?.['result']?.['jwt']).toMatch(/^ey/);
    const listed = await ask(
      '{ onPremiseResources(customer_Isnull: true, status: "pending") { nodes { id name status port customer { id } } } }',
    );
    const nodes = listed.body.data!['onPremiseResources']!['nodes'] as unknown as { id: string }[];
    const { id } = nodes[0]!;
    expect(nodes[0]).toMatchObject({ status: 'PENDING', port: 0, customer: null });
    const instance = await subject.anInstance(askingDefinition('By GraphQL', 'allowed'));
    const chosen = await ask(
      `mutation ($id: ID!, $resource: ID!) { updateInstanceConfigVariables(input: { id: $id, configVariables:
        [{ key: "Service", onPremiseResourceId: $resource }] }) { errors { messages } instance { configVariables { nodes {
        onPremiseResource { id } requiredConfigVariable { onPremiseConnectionConfig } } } } } }`,
      { id: instance, resource: id },
    );
    expect(chosen.body.data!['updateInstanceConfigVariables']!['instance']!['configVariables']).toEqual({
      nodes: [
        { onPremiseResource: { id }, requiredConfigVariable: { onPremiseConnectionConfig: 'ALLOWED' } },
      ],
    });
    const rotated = await ask(
      'mutation ($id: ID!) { rotateOnPremiseResourceJWT(input: { resourceId: $id }) { result { jwt } errors { messages } } }',
      { id },
    );
    expect(rotated.body.data?.['rotateOnPremiseResourceJWT']?.['result']?.['jwt']).toMatch(/^ey/);
    const gone = await ask(
      'mutation ($id: ID!) { deleteOnPremiseResource(input: { id: $id }) { onPremiseResource { id } } }',
      { id },
    );
    expect(gone.body.data?.['deleteOnPremiseResource']).toEqual({ onPremiseResource: { id } });
  });
});
