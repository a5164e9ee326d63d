import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { deleteOnPremiseResource } from '../../src/services/on-premise/delete-resource';
import { getOnPremiseResource } from '../../src/services/on-premise/find-resource';
import { statusOf } from '../../src/services/on-premise/resource-status';
import { rotateAgentToken } from '../../src/services/on-premise/rotate-agent-token';
import { startAppProcess } from '../support/app-process';
import { freePort } from '../support/free-port';
import { graphqlClient } from '../support/graphql-client';
import {
  type AgentProcess,
  askingDefinition,
  publishLocalService,
  reachingDefinition,
  startAgent,
} from '../support/on-premise';
import { aUser, contextOf, errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const MUCH = 10 * 1024 * 1024;
const settings = testEnvironment({ TENON_ALLOW_ADDRESSES: '' });
const agents: AgentProcess[] = [];
let system: System;
/** The service in the customer's network: echoes; `/hold/PORT` waits until it is let go. */
let service: Server;
const held = new Map<string, () => void>();
let customerId: string;

beforeAll(async () => {
  const answer = async (request: IncomingMessage): Promise<Buffer | string> => {
    const [, path, port = ''] = request.url?.split('/') ?? [];
    const body = await buffer(request);
    if (path === 'hold') await new Promise<void>((resolve) => held.set(port, resolve));
    return body.length > 0 ? body : `you asked ${request.url}`;
  };
  service = createServer((request, response) => {
    void answer(request).then((body) => response.end(body));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  system = await startSystem({ env: settings });
  await publishLocalService(system);
  customerId = (await createCustomer(system.deps, system.ctx, { name: 'Initech' }))._id;
}, 60_000);
afterEach(async () => {
  for (const agent of agents.splice(0)) {
    agent.child.kill('SIGKILL');
    await agent.ended;
  }
});
afterAll(async () => {
  await system?.stop();
  service?.closeAllConnections();
  service?.close();
});

const targetPort = () => (service.address() as AddressInfo).port;
const aResource = (of: string | null = customerId) =>
  createAgentToken(system.deps, system.ctx, { customerId: of, name: 'Warehouse' });
const stand = async (id: string) => statusOf(await getOnPremiseResource(system.deps, system.ctx, { id }));

function agentFor(jwt: string, url = system.apiUrl): AgentProcess {
  const agent = startAgent(url, jwt, targetPort());
  agents.push(agent);
  return agent;
}

async function connectedAgent(of: string | null = customerId) {
  const { jwt, resource } = await aResource(of);
  const agent = agentFor(jwt);
  await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
  return { jwt, resource, agent };
}

/** A deployed instance of a definition, with an on-premise resource for its connection. */
async function deployed(text: string, onPremiseResourceId?: string) {
  const instanceId = await anInstance(text, onPremiseResourceId);
  await deployInstance(system.deps, system.ctx, { id: instanceId });
  const [flow] = await listFlowConfigs(system.deps, system.ctx, { instanceId });
  const run = async (body: unknown = {}) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(flow!.webhookUrl, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { instanceId, run };
}

async function anInstance(text: string, onPremiseResourceId?: string): Promise<string> {
  const { deps, ctx } = system;
  const integration = await importIntegration(deps, ctx, { definition: text });
  const version = await publishIntegration(deps, ctx, { id: integration._id });
  const instance = await createInstance(deps, ctx, {
    name: integration.name,
    integrationId: version._id,
    customerId,
    ...(onPremiseResourceId && { configVariables: [{ key: 'Service', onPremiseResourceId }] }),
  });
  return instance._id;
}

describe('a run with an on-premise connection', () => {
  it('reaches the service behind the agent at a local port, 10 MB unchanged, many at once', async () => {
    const { jwt, resource } = await aResource();
    expect(await stand(resource._id)).toBe('PENDING');
    agentFor(jwt);
    await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
    const small = await deployed(askingDefinition('Small', 'allowed', '/stock'), resource._id);
    const [first] = await Promise.all([1, 2, 3, 4, 5, 6].map(() => small.run()));
    expect(first).toMatchObject({ status: 200, body: { host: '127.0.0.1', text: 'you asked /stock' } });
    expect(Number(first!.body['port'])).not.toBe(targetPort());
    const large = await deployed(askingDefinition('Large', 'required', '/echo', String(MUCH)), resource._id);
    const sha256 = createHash('sha256').update(Buffer.alloc(MUCH, 'tenon')).digest('hex');
    const answers = await Promise.all([large.run(), small.run(), large.run(), small.run()]);
    expect(answers[0]).toMatchObject({ status: 200, body: { bytes: MUCH, sha256, sent: sha256 } });
    expect(answers[2]).toMatchObject({ status: 200, body: { bytes: MUCH, sha256 } });
  }, 60_000);

  it('fails and says why while there is no agent, and works again when there is', async () => {
    const { jwt, resource, agent } = await connectedAgent();
    const { run } = await deployed(askingDefinition('Outage', 'allowed'), resource._id);
    expect((await run()).status).toBe(200);
    agent.child.kill('SIGKILL');
    await until('its end', async () => (await stand(resource._id)) === 'UNAVAILABLE');
    expect(await run()).toMatchObject({
      status: 502,
      body: {
        detail: expect.stringMatching(/leads nowhere: no agent is connected .* "Warehouse", last seen/),
      },
    });
    agentFor(jwt);
    await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
    expect((await run()).status).toBe(200);
  }, 60_000);

  it('says what the agent could not reach', async () => {
    const { jwt, resource } = await aResource();
    const agent = startAgent(system.apiUrl, jwt, await freePort());
    agents.push(agent);
    await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
    const { run } = await deployed(askingDefinition('Closed', 'allowed'), resource._id);
    const { status, body } = await run();
    expect(status).toBe(502);
    expect(body['detail']).toMatch(/"Service": the agent cannot reach 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  }, 60_000);

  it('has its local port to itself: another run in the same process does not get through, nor one after it', async () => {
    const { resource } = await connectedAgent();
    const holding = await deployed(askingDefinition('Holding', 'allowed', '/hold/PORT'), resource._id);
    const reaching = await deployed(reachingDefinition('Reaching'));
    const answer = holding.run();
    const [port, letGo] = await until('the call', () => [...held][0]);
    const refused = {
      status: 502,
      body: { detail: expect.stringContaining('may not connect to 127.0.0.1') },
    };
    expect(await reaching.run({ port })).toMatchObject(refused);
    expect(await reaching.run({ port: targetPort() })).toMatchObject(refused);
    letGo();
    expect(await answer).toMatchObject({ status: 200, body: { port } });
    await expect(once(connect(Number(port), '127.0.0.1'), 'connect')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  }, 60_000);

  it('finds the agent at another API process, and again when that one stops or dies', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { jwt, resource } = await aResource();
    const { run } = await deployed(askingDefinition('Elsewhere', 'allowed'), resource._id);
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const api = startAppProcess('api', { ...settings, TENON_PORT: String(port) });
      await once(api.child, 'message');
      const agent = agentFor(jwt, url);
      await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
      expect((await run()).status).toBe(200);
      api.child.kill(signal);
      await api.ended;
      const next = startAppProcess('api', { ...settings, TENON_PORT: String(port) });
      await once(next.child, 'message');
      await until('it again', () => agent.said().split('connected to http').length > 2);
      expect((await run()).status).toBe(200);
      agent.child.kill('SIGTERM');
      expect(await agent.ended).toBe(0);
      await until('its going', async () => (await stand(resource._id)) === 'UNAVAILABLE');
      next.child.kill('SIGKILL');
      await next.ended;
    }
  }, 90_000);
});

describe('a token', () => {
  it('that is none of ours is refused, and the agent ends', async () => {
    const agent = agentFor(system.accessToken);
    expect(await agent.ended).toBe(1);
    expect(agent.said()).toContain('the token is refused');
  }, 30_000);

  it('that was rotated cuts its agent off; the new one holds', async () => {
    const { agent, resource } = await connectedAgent();
    const { jwt } = await rotateAgentToken(system.deps, system.ctx, { id: resource._id });
    expect(await agent.ended).toBe(1);
    expect(await stand(resource._id)).toBe('UNAVAILABLE');
    agentFor(jwt);
    await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
  }, 30_000);

  it('lets a second agent wait until the first has gone', async () => {
    const { jwt, agent, resource } = await connectedAgent();
    const second = agentFor(jwt);
    await until('its waiting', () => second.said().includes('Another agent is connected'));
    agent.child.kill('SIGTERM');
    await until('its turn', () => second.said().includes('connected to http'));
    await until('the agent', async () => (await stand(resource._id)) === 'AVAILABLE');
  }, 30_000);
});

describe('an on-premise resource', () => {
  it('is required at deploy where the definition says so, which names the variable', async () => {
    const id = await anInstance(askingDefinition('Required', 'required'));
    const { faults } = await errorOf(deployInstance(system.deps, system.ctx, { id }));
    expect(faults.map(({ field }) => field)).toContain('configVariables.Service.onPremiseResourceId');
    expect(faults[0]?.messages[0]).toMatch(
      /"Service" needs an on-premise resource, which "Call" uses: choose/,
    );
  });

  it('is refused where the definition does not allow it, and another customer’s is not there', async () => {
    const { resource } = await aResource();
    const refused = await errorOf(anInstance(askingDefinition('Disallowed', 'disallowed'), resource._id));
    expect(refused.faults[0]?.messages[0]).toContain('takes no on-premise resource');
    const other = await createCustomer(system.deps, system.ctx, { name: 'Hooli' });
    const { resource: theirs } = await aResource(other._id);
    const foreign = await errorOf(anInstance(askingDefinition('Foreign', 'allowed'), theirs._id));
    expect(foreign.faults[0]?.messages[0]).toContain('is not there for this customer');
  });

  it('of the organization serves any customer, and only the organization chooses it', async () => {
    const { deps } = system;
    const { resource: shared } = await createAgentToken(deps, system.ctx, { orgOnly: true });
    const id = await anInstance(askingDefinition('Org', 'allowed'), shared._id);
    const admin = contextOf(
      await aUser(deps, system.owner.organizationId, { role: 'customer_admin', customerId }),
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
    expect(own.customerId).toBe(customerId);
    await choose(own._id);
  });

  it('that is deleted cuts its agent off, and neither runs nor deploys go on as if it were there', async () => {
    const { agent, resource } = await connectedAgent();
    const { instanceId, run } = await deployed(askingDefinition('Deleted', 'allowed'), resource._id);
    await deleteOnPremiseResource(system.deps, system.ctx, { id: resource._id });
    expect(await agent.ended).toBe(1);
    expect((await run()).body['detail']).toContain('its on-premise resource was deleted');
    const { faults } = await errorOf(deployInstance(system.deps, system.ctx, { id: instanceId }));
    expect(faults[0]?.messages[0]).toContain('is not there for this customer');
  }, 30_000);

  it('is created, chosen, listed, rotated and deleted by GraphQL as prism does', async () => {
    const ask = graphqlClient(system, system.accessToken);
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
    const instance = await anInstance(askingDefinition('By GraphQL', 'allowed'));
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

describe('the door of agents', () => {
  const raw = async (lines: string[], body = ''): Promise<string> => {
    const socket = connect(Number(new URL(system.apiUrl).port), '127.0.0.1');
    socket.write(`${[...lines, 'Host: api', `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
    return text(socket);
  };

  it('leaves requests alone that offer HTTP/2, with their bodies', async () => {
    const answer = await raw(
      [
        'POST /api HTTP/1.1',
        'Content-Type: application/json',
        `Authorization: Bearer ${system.accessToken}`,
        'Connection: Upgrade, HTTP2-Settings, close',
        'Upgrade: h2c',
        'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      ],
      JSON.stringify({ query: '{ authenticatedUser { name } }' }),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('Olive Owner');
  });

  it('lets nobody but workers open streams', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const time = `x-tenon-time: ${Date.now()}`;
    const lines = ['GET /internal/on-premise HTTP/1.1', ...upgrade, key, time];
    expect(await raw([...lines, 'x-tenon-signature: AAAA'])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await raw(['GET /elsewhere HTTP/1.1', ...upgrade, key])).toMatch(/^HTTP\/1\.1 404 /);
  });
});
