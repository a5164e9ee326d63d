import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { createCustomerConnection } from '../../src/services/shared-connections/create-customer-connection';
import { deleteSharedConnection } from '../../src/services/shared-connections/delete-shared-connection';
import { updateSharedConnection } from '../../src/services/shared-connections/update-shared-connection';
import {
  viewCustomerConnections,
  viewSharedConnections,
} from '../../src/services/shared-connections/view-shared-connections';
import type { ConnectionState } from '../../src/store/models/connection.model';
import type { SharedConnection } from '../../src/store/models/shared-connection.model';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { publishCrm } from '../support/oauth-provider/crm';
import { type OauthProvider, startOauthProvider } from '../support/oauth-provider/start';
import { errorOf } from '../support/services';
import { anInstanceOf, aShared, inputsOf, sharingDefinition } from '../support/shared-connection';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

interface Value {
  configVarKey: string;
  token?: { access_token: string; refresh_token?: string };
  context?: object;
}

let system: System;
let provider: OauthProvider;
let env: Record<string, string>;
/** The third party: whom it was called as, and whether it lets anybody in. */
let server: Server;
let url: string;
let isOpen = true;
const bearers: string[] = [];

beforeAll(async () => {
  env = testEnvironment();
  server = createServer((req, res) => {
    bearers.push(req.headers.authorization ?? '');
    res.writeHead(isOpen ? 200 : 401, { 'content-type': 'application/json' });
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  system = await startSystem({ env });
  provider = await startOauthProvider(`${system.apiUrl}/oauth2/callback`);
  await publishCrm(system.deps.store, system.ctx);
});
beforeEach(async () => {
  isOpen = true;
  bearers.length = 0;
  await provider.forget();
  await provider.set({ delayMs: 0 });
});
afterAll(async () => {
  provider?.stop();
  await system?.stop();
  server?.closeAllConnections();
  server?.close();
});

const component = { key: 'crm', isPublic: false };
const oauth = (variableScope: 'org' | 'customer' = 'org', rest: object = {}) =>
  aShared(system, {
    component,
    connection: 'pkce',
    variableScope,
    fields: provider.fieldsOf('post'),
    ...rest,
  });

const viewOf = async (shared: SharedConnection) =>
  (await viewSharedConnections(system.deps, system.ctx, [shared]))[0]!;
const grant = async (authorizeUrl: string | null) =>
  expect((await grantAccess(new Browser(), authorizeUrl!)).status).toBe(200);

/** Two deployed instances of different customers that use it. */
async function twoDeployed(shared: SharedConnection) {
  const text = sharingDefinition(shared.stableKey, url);
  const all = [await anInstanceOf(system, text), await anInstanceOf(system, text)];
  return Promise.all(
    all.map(async ({ id, customerId }) => {
      const { deployment } = await deployInstance(system.deps, system.ctx, { id });
      return { id, customerId, revision: deployment!.configRevisionId };
    }),
  );
}

const valueOf = async (revision: string) =>
  (await resolveConfig(system.deps, revision))['Shop'] as Value | undefined;
const tokenOf = async (revision: string) => (await valueOf(revision))?.token;
const recordOf = async (sharedId: string) =>
  (await system.deps.store.connections.findOne({ sharedId }).lean<ConnectionState>())!;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
const expire = (sharedId: string) =>
  system.deps.store.connections.updateOne(
    { sharedId },
    { $set: { expiresAt: ago(1), refreshAt: ago(60), obtainedAt: ago(4000) } },
  );

async function run(instanceId: string): Promise<string | null> {
  const { deps, ctx } = system;
  const [flow] = await listFlowConfigs(deps, ctx, { instanceId });
  const response = await fetch(flow!.webhookUrl, { method: 'POST', body: '{}' });
  const id = Buffer.from(response.headers.get('prismatic-executionid')!, 'base64').toString().split(':')[1]!;
  await until('its end', () => deps.store.executions.exists({ _id: id, phase: 'ended' }));
  return (await deps.store.executions.findById(id).lean())!.error?.message ?? null;
}

describe('an OAuth connection that instances share', () => {
  it('is granted access once, at its own page, and all of its instances run with the one token', async () => {
    const { deps, ctx } = system;
    const shared = await oauth();
    const waiting = await anInstanceOf(system, sharingDefinition(shared.stableKey, url));
    const [fault] = (await errorOf(deployInstance(deps, ctx, { id: waiting.id }))).faults;
    expect(fault).toMatchObject({ messages: [expect.stringContaining('Nobody has granted access')] });
    const before = await viewOf(shared);
    expect([before.status, before.statusReason]).toEqual(['PENDING', 'Nobody has granted access yet.']);
    const page = await new Browser().open(before.authorizeUrl!);
    expect(page.text).toContain('<dt>Shared connection</dt><dd>The shop</dd>');
    await grant(before.authorizeUrl);
    const [one, other] = await twoDeployed(shared);
    expect(await run(one!.id)).toBeNull();
    expect(await run(other!.id)).toBeNull();
    expect(bearers).toEqual([expect.stringMatching(/^Bearer ./), bearers[0]]);
    expect(await valueOf(one!.revision)).toMatchObject({ configVarKey: 'Shop', context: {} });
    const after = await viewOf(shared);
    expect([after.status, after.statusReason]).toEqual(['ACTIVE', null]);
    expect(await deps.store.connections.countDocuments({ sharedId: shared._id })).toBe(1);
    const [variable] = await listConfigVariables(deps, ctx, { instanceId: one!.id });
    expect(variable).toMatchObject({ status: 'ACTIVE', sharedConnection: shared.stableKey });
    const stored = JSON.stringify(await recordOf(shared._id));
    expect(stored).not.toContain((await tokenOf(one!.revision))!.access_token);
  });

  it('can be granted from the page of any instance that uses it', async () => {
    const { deps, ctx } = system;
    const shared = await oauth();
    const { id } = await anInstanceOf(system, sharingDefinition(shared.stableKey, url));
    const [variable] = await listConfigVariables(deps, ctx, { instanceId: id });
    await grant(variable!.authorizeUrl);
    expect((await viewOf(shared)).status).toBe('ACTIVE');
  });

  it('is refreshed once for all instances and processes, and the rotated token is stored before it is used', async () => {
    const shared = await oauth();
    await grant((await viewOf(shared)).authorizeUrl);
    const both = await twoDeployed(shared);
    const before = (await tokenOf(both[0]!.revision))!;
    const processes = await Promise.all(both.map(() => aResolver()));
    await provider.forget();
    await provider.set({ delayMs: 500 });
    await expire(shared._id);
    const tokens = await Promise.all(
      both.map(async ({ revision }, at) => resolveIn(processes[at]!, revision)),
    );
    for (const child of processes) child.kill('SIGKILL');
    expect(new Set(tokens.flat()).size).toBe(1);
    expect(tokens.flat()).toHaveLength(10);
    expect(tokens[0]![0]).not.toBe(before.access_token);
    expect((await provider.requests()).map(({ grantType, status }) => [grantType, status])).toEqual([
      ['refresh_token', 200],
    ]);
    const after = (await tokenOf(both[1]!.revision))!;
    expect([after.access_token, after.refresh_token === before.refresh_token]).toEqual([
      tokens[0]![0],
      false,
    ]);
    expect(await recordOf(shared._id)).toMatchObject({ version: 2, lease: null, tokenFault: null });
  });

  it('is in ERROR for all when a run of one cannot work with it, until a run goes well', async () => {
    const { deps, ctx } = system;
    const shared = await oauth();
    await grant((await viewOf(shared)).authorizeUrl);
    const [one, other] = await twoDeployed(shared);
    isOpen = false;
    expect(await run(one!.id)).toContain('401');
    const { status, statusReason } = await viewOf(shared);
    expect([status, statusReason]).toEqual(['ERROR', expect.stringContaining('401')]);
    const [variable] = await listConfigVariables(deps, ctx, { instanceId: other!.id });
    expect(variable!.status).toBe('ERROR');
    isOpen = true;
    expect(await run(other!.id)).toBeNull();
    expect((await viewOf(shared)).status).toBe('ACTIVE');
  });

  it('waits for another consent when its client or scopes are changed, and has FAILED when it is revoked', async () => {
    const shared = await oauth();
    await grant((await viewOf(shared)).authorizeUrl);
    const [one] = await twoDeployed(shared);
    const { refresh_token: refreshToken } = (await tokenOf(one!.revision))!;
    const set = (fields: Record<string, string>) =>
      updateSharedConnection(system.deps, system.ctx, { id: shared._id, inputs: inputsOf(fields) });
    const changed = await set({ scopes: 'openid offline_access orders' });
    expect((await viewOf(changed)).status).toBe('PENDING');
    expect(await tokenOf(one!.revision)).toBeUndefined();
    await set({ scopes: 'openid offline_access' });
    expect((await tokenOf(one!.revision))!.refresh_token).toBe(refreshToken);
    await provider.revoke(refreshToken!);
    await expire(shared._id);
    await tokenOf(one!.revision);
    const failed = await viewOf(shared);
    expect([failed.status, failed.statusReason]).toEqual([
      'FAILED',
      expect.stringContaining('invalid_grant'),
    ]);
  });

  it('takes its tokens along when it is deleted; its link then leads nowhere', async () => {
    const { deps, ctx } = system;
    const shared = await oauth();
    const { authorizeUrl } = await viewOf(shared);
    await grant(authorizeUrl);
    await deleteSharedConnection(deps, ctx, { id: shared._id });
    expect(await deps.store.connections.countDocuments({ sharedId: shared._id })).toBe(0);
    expect((await new Browser().open(authorizeUrl!)).status).toBe(404);
  });
});

describe('an OAuth connection with values for each customer', () => {
  it('has a consent and a token for each, with the client of the organization', async () => {
    const { deps, ctx } = system;
    const shared = await oauth('customer', { managedBy: 'customer' });
    const text = sharingDefinition(shared.stableKey, url);
    const all = [await anInstanceOf(system, text), await anInstanceOf(system, text)];
    const views = async () => {
      const found = await deps.store.customerConnections.find({ sharedConnectionId: shared._id }).lean();
      const list = await viewCustomerConnections(deps, ctx, found);
      return all.map(({ customerId }) => list.find((one) => one.customerId === customerId)!);
    };
    for (const { customerId } of all)
      await createCustomerConnection(deps, ctx, { sharedConnectionId: shared._id, customerId });
    expect((await viewOf(shared)).status).toBeNull();
    const [first] = await views();
    await grant(first!.authorizeUrl);
    expect((await views()).map(({ status }) => status)).toEqual(['ACTIVE', 'PENDING']);
    const [one, other] = all;
    const deploy = async (id: string) =>
      (await deployInstance(deps, ctx, { id })).deployment!.configRevisionId;
    const mine = await deploy(one!.id);
    expect((await errorOf(deploy(other!.id))).code).toBe('invalid_input');
    await grant((await views())[1]!.authorizeUrl);
    const theirs = await deploy(other!.id);
    const [a, b] = [(await tokenOf(mine))!, (await tokenOf(theirs))!];
    expect(a.access_token).not.toBe(b.access_token);
    expect((await getInstance(deps, ctx, { id: one!.id })).needsDeploy).toBe(false);
  });
});

async function aResolver(): Promise<ChildProcess> {
  const child = fork(join(__dirname, '..', 'support', 'oauth-provider', 'resolver.ts'), ['Shop'], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env['PATH'] ?? '', ...env, TENON_PORT: new URL(system.apiUrl).port },
  });
  await once(child, 'message');
  return child;
}

async function resolveIn(child: ChildProcess, revision: string): Promise<string[]> {
  child.send({ revision, times: 5 });
  const [{ tokens }] = (await once(child, 'message')) as [{ tokens: string[] }];
  return tokens;
}
