import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { code, definition, step, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { publishCrm, valuesOf } from '../support/oauth-provider/crm';
import { aGrantedInstance } from '../support/oauth-provider/granted-instance';
import { type OauthProvider, startOauthProvider } from '../support/oauth-provider/start';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let provider: OauthProvider;
/** The third party: what it was sent, and whether it lets anybody in. */
let server: Server;
let url: string;
let isOpen = true;
const bearers: { token: string; at: number }[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    bearers.push({ token: req.headers.authorization ?? '', at: Date.now() });
    res.writeHead(isOpen ? 200 : 401, { 'content-type': 'application/json' });
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  system = await startSystem();
  provider = await startOauthProvider(`${system.apiUrl}/oauth2/callback`);
  await publishCrm(system.deps.store, system.ctx);
});
beforeEach(() => {
  isOpen = true;
  bearers.length = 0;
});
afterAll(async () => {
  provider?.stop();
  await system?.stop();
  server?.closeAllConnections();
  server?.close();
});

/** Runs the instance's flow to its end; answers the execution's error. */
async function run(instanceId: string): Promise<string | null> {
  const { deps, ctx } = system;
  const [flow] = await listFlowConfigs(deps, ctx, { instanceId });
  const response = await fetch(flow!.webhookUrl, { method: 'POST', body: '{}' });
  expect(response.status).toBe(200);
  const id = Buffer.from(response.headers.get('prismatic-executionid')!, 'base64').toString().split(':')[1]!;
  await until('its end', () => deps.store.executions.exists({ _id: id, phase: 'ended' }));
  const ended = await deps.store.executions.findById(id).lean();
  return ended!.error?.message ?? null;
}

const standing = async (instanceId: string) => {
  const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId });
  return [view!.status, view!.statusReason];
};

describe('a run with a connection of other kinds', () => {
  it('marks it as well, until it has other fields or a call goes well', async () => {
    const { deps, ctx } = system;
    const call = step('Ask', 'http.httpGet', {
      url: value(url),
      connection: { type: 'configVar', value: 'Key' },
    });
    const { instanceId } = await aDeployedInstance(deps, ctx, {
      definition: definition(`Key ${randomUUID()}`, [{ name: 'Main', steps: [call] }], {
        requiredConfigVars: [
          {
            key: 'Key',
            dataType: 'connection',
            connection: { key: 'apiKey', component: { key: 'http', isPublic: true, version: 'LATEST' } },
          },
        ],
      }),
      configVariables: [{ key: 'Key', values: valuesOf({ apiKey: 'wrong' }) }],
    });
    isOpen = false;
    await run(instanceId);
    expect(await standing(instanceId)).toEqual(['ERROR', expect.stringContaining('401')]);
    const set = (apiKey: string) =>
      updateInstance(deps, ctx, {
        id: instanceId,
        configVariablePatch: [{ key: 'Key', values: valuesOf({ apiKey }) }],
      });
    await set('right');
    expect(await standing(instanceId)).toEqual(['ACTIVE', null]);
    await set('wrong');
    expect((await standing(instanceId))[0]).toBe('ERROR');
    isOpen = true;
    expect(await run(instanceId)).toBeNull();
    expect(await standing(instanceId)).toEqual(['ACTIVE', null]);
  });
});

describe('a run with an OAuth connection', () => {
  it('that is refused puts the connection into ERROR with the reason, and the next good one back', async () => {
    const { id } = await aGrantedInstance(system, provider, { type: 'pkce', client: 'post', url });
    expect(await run(id)).toBeNull();
    expect(bearers.map(({ token }) => token)).toEqual([expect.stringMatching(/^Bearer ./)]);
    expect(await standing(id)).toEqual(['ACTIVE', null]);
    isOpen = false;
    expect(await run(id)).toContain('401');
    expect(await standing(id)).toEqual(['ERROR', expect.stringContaining('401')]);
    isOpen = true;
    expect(await run(id)).toBeNull();
    expect(await standing(id)).toEqual(['ACTIVE', null]);
  });

  it('that outlives its token goes on with fresh ones', async () => {
    const wait = code(
      'Wait',
      'module.exports = async () => { await new Promise((r) => setTimeout(r, 900)); };',
    );
    const again = step('Ask again', 'http.httpGet', {
      url: value(url),
      connection: { type: 'configVar', value: 'CRM' },
    });
    const loop = step('Repeat', 'loop.loopNTimes', { iterationCount: value('8') }, { steps: [wait, again] });
    const lifeSeconds = 4;
    await provider.set({ lifeSeconds });
    const wanted = { url, steps: [loop] };
    const { id } = await aGrantedInstance(system, provider, { type: 'pkce', client: 'post', ...wanted });
    expect(await run(id)).toBeNull();
    await provider.set({ lifeSeconds: 3600 });
    expect(bearers).toHaveLength(9);
    const tokens = [...new Set(bearers.map(({ token }) => token))];
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    for (const token of tokens) {
      const times = bearers.filter((one) => one.token === token).map(({ at }) => at);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(lifeSeconds * 1000);
    }
  });
});
