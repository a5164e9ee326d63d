import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createAgentToken } from '../../src/services/on-premise/create-agent-token';
import { getOnPremiseResource } from '../../src/services/on-premise/find-resource';
import { statusOf } from '../../src/services/on-premise/resource-status';
import { type AgentProcess, publishLocalService, startAgent } from './on-premise';
import { startSystem } from './system';
import { testEnvironment } from './test-environment';
import { until } from './until';

export type OnPremiseSystem = Awaited<ReturnType<typeof startOnPremiseSystem>>;

/** A system that allows components no local address, with a service in the network of its customer. */
export async function startOnPremiseSystem() {
  const settings = testEnvironment({ TENON_ALLOW_ADDRESSES: '' });
  /** What lets requests go that wait, by the local port that they came through. */
  const held = new Map<string, () => void>();
  // Echoes; `/hold/PORT` waits until it is let go, `/reset` breaks the connection.
  const answer = async (request: IncomingMessage): Promise<Buffer | string> => {
    const [, path, port = ''] = request.url?.split('/') ?? [];
    const body = await buffer(request);
    if (path === 'reset') request.socket.resetAndDestroy();
    if (path === 'hold') await new Promise<void>((resolve) => held.set(port, resolve));
    return body.length > 0 ? body : `you asked ${request.url}`;
  };
  const service = createServer((request, response) => {
    void answer(request).then((body) => response.end(body));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const targetPort = (service.address() as AddressInfo).port;
  const system = await startSystem({ env: settings });
  const { deps, ctx } = system;
  await publishLocalService(system);
  const { _id: customerId } = await createCustomer(deps, ctx, { name: 'Initech' });
  const agents: AgentProcess[] = [];

  const aResource = (of: string = customerId) =>
    createAgentToken(deps, ctx, { customerId: of, name: 'Warehouse' });
  const stand = async (id: string) => statusOf(await getOnPremiseResource(deps, ctx, { id }));
  const isAvailable = (id: string) => until('the agent', async () => (await stand(id)) === 'AVAILABLE');

  function agentFor(
    token: string,
    {
      url = system.apiUrl,
      target = targetPort,
      env = {},
    }: { url?: string; target?: number; env?: Record<string, string> } = {},
  ): AgentProcess {
    const agent = startAgent(url, token, target, env);
    agents.push(agent);
    return agent;
  }

  async function connectedAgent() {
    const { jwt, resource } = await aResource();
    const agent = agentFor(jwt);
    await isAvailable(resource._id);
    return { jwt, resource, agent };
  }

  async function anInstance(text: string, onPremiseResourceId?: string): Promise<string> {
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

  /** A deployed instance of a definition, with an on-premise resource for its connection. */
  async function deployed(text: string, onPremiseResourceId?: string) {
    const instanceId = await anInstance(text, onPremiseResourceId);
    await deployInstance(deps, ctx, { id: instanceId });
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId });
    const run = async (body: unknown = {}) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(flow!.webhookUrl, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { instanceId, run };
  }

  async function endAgents(): Promise<void> {
    held.clear();
    for (const agent of agents.splice(0)) {
      agent.child.kill('SIGKILL');
      await agent.ended;
    }
  }

  async function stop(): Promise<void> {
    await endAgents();
    await system.stop();
    service.closeAllConnections();
    service.close();
  }

  const made = { aResource, agentFor, connectedAgent, anInstance, deployed };
  return { ...made, system, settings, held, targetPort, customerId, stand, isAvailable, endAgents, stop };
}
