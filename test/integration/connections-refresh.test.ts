import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectionsOf, renewConnections } from '../../src/services/connections/live-connections';
import { markConnectionError, markConnectionUsed } from '../../src/services/connections/report-use';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { removeInstance } from '../../src/services/instances/remove-instance';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import type { ConnectionState } from '../../src/store/models/connection.model';
import { startEchoServer } from '../support/echo-server';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { publishCrm, valuesOf } from '../support/oauth-provider/crm';
import { aGrantedInstance } from '../support/oauth-provider/granted-instance';
import { type OauthProvider, startOauthProvider } from '../support/oauth-provider/start';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess } from '../support/worker-process';

type Token = { access_token: string; refresh_token?: string; expires_in?: number };
type Value = { token?: Token };

const env = testEnvironment();
let system: System;
let provider: OauthProvider;

beforeAll(async () => {
  system = await startSystem({ worker: false, env });
  provider = await startOauthProvider(`${system.apiUrl}/oauth2/callback`);
  await publishCrm(system.deps.store, system.ctx);
});
beforeEach(async () => {
  await provider.set({ delayMs: 0, failures: 0, hangs: false, lifeSeconds: 3600 });
  await provider.forget();
});
afterAll(async () => {
  provider?.stop();
  await system?.stop();
});

const aGranted = async (type: 'code' | 'pkce' = 'pkce') => {
  const granted = await aGrantedInstance(system, provider, { type, client: 'post' });
  await provider.forget();
  return granted;
};
const tokenOf = async (revision: string) =>
  ((await resolveConfig(system.deps, revision))['CRM'] as Value).token;
const record = async (instanceId: string) =>
  (await system.deps.store.connections.findOne({ instanceId }).lean<ConnectionState>())!;
const change = (instanceId: string, fields: Partial<ConnectionState>) =>
  system.deps.store.connections.updateOne({ instanceId }, { $set: fields });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
/** As if the token's life were over. */
const expire = (instanceId: string) => change(instanceId, { expiresAt: ago(1), refreshAt: ago(60) });
const standing = async (instanceId: string) => {
  const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId });
  return { status: view!.status, reason: view!.statusReason };
};
const ACTIVE = { status: 'ACTIVE', reason: null };
const asked = async () =>
  (await provider.requests()).map(({ grantType, status }) => `${grantType} ${status}`);

describe('a token that nears its end', () => {
  it('is refreshed before, the rotated refresh token is stored, and each later refresh uses the newest', async () => {
    const { id, revision } = await aGranted();
    const first = (await tokenOf(revision))!;
    expect(await asked()).toEqual([]);
    const { obtainedAt, expiresAt, refreshAt } = await record(id);
    expect(expiresAt!.getTime() - obtainedAt!.getTime()).toBe(3_600_000);
    expect(refreshAt!.getTime() - obtainedAt!.getTime()).toBe(3_300_000);
    const tokens = [first];
    for (let round = 0; round < 3; round += 1) {
      await change(id, { refreshAt: ago(1) });
      tokens.push((await tokenOf(revision))!);
      expect(await standing(id)).toEqual(ACTIVE);
    }
    expect(new Set(tokens.map((token) => token.access_token)).size).toBe(4);
    expect(new Set(tokens.map((token) => token.refresh_token)).size).toBe(4);
    expect(await asked()).toEqual(Array.from({ length: 3 }, () => 'refresh_token 200'));
    expect(await record(id)).toMatchObject({ version: 4, lease: null, tokenFault: null });
    // Asked for at the consent only, and kept.
    expect(tokens.at(-1)).toMatchObject({ id_token: expect.any(String), token_type: 'Bearer' });
  });

  it('is refreshed a fifth of a short life before its end', async () => {
    const { id, revision } = await aGranted();
    await provider.set({ lifeSeconds: 20 });
    await expire(id);
    expect((await tokenOf(revision))!.expires_in).toBe(20);
    const { obtainedAt, refreshAt } = await record(id);
    expect(refreshAt!.getTime() - obtainedAt!.getTime()).toBe(16_000);
  });

  it('is renewed within the values that a long run holds', async () => {
    const { id, revision } = await aGranted();
    const configVars = await resolveConfig(system.deps, revision);
    const value = configVars['CRM'] as Value;
    const before = value.token!.access_token;
    expect(renewConnections(system.deps, configVars)).toBeUndefined();
    await expire(id);
    connectionsOf(configVars)[0]!.state!.refreshAt = ago(1);
    await renewConnections(system.deps, configVars);
    expect(configVars['CRM']).toBe(value);
    expect(value.token!.access_token).not.toBe(before);
    expect(renewConnections(system.deps, configVars)).toBeUndefined();
  });
});

describe('many runs at once', () => {
  const children: ChildProcess[] = [];
  const aResolver = async () => {
    const child = fork(join(__dirname, '..', 'support', 'oauth-provider', 'resolver.ts'), [], {
      execArgv: ['--import', 'tsx'],
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    children.push(child);
    await once(child, 'message');
    return child;
  };
  const resolveIn = async (child: ChildProcess, revision: string, times: number): Promise<string[]> => {
    child.send({ revision, times });
    const [{ tokens }] = (await once(child, 'message')) as [{ tokens: string[] }];
    return tokens;
  };
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it('in two processes make one refresh between them, and all get its token', async () => {
    const { id, revision } = await aGranted();
    const [one, other] = await Promise.all([aResolver(), aResolver()]);
    const before = (await tokenOf(revision))!.access_token;
    await provider.set({ delayMs: 700 });
    await expire(id);
    const tokens = (await Promise.all([resolveIn(one, revision, 10), resolveIn(other, revision, 10)])).flat();
    expect(tokens).toHaveLength(20);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(before);
    expect(await asked()).toEqual(['refresh_token 200']);
  });

  it('that two workers run make one refresh between them too', async () => {
    const echo = await startEchoServer();
    const { deps, ctx } = system;
    const { id, revision } = await aGrantedInstance(system, provider, {
      type: 'pkce',
      client: 'post',
      url: echo.url,
    });
    const before = (await tokenOf(revision))!.access_token;
    await provider.forget();
    await provider.set({ delayMs: 700 });
    await expire(id);
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: id });
    const deliver = async () => (await fetch(flow!.webhookUrl, { method: 'POST', body: '{}' })).status;
    const accepted = await Promise.all(Array.from({ length: 20 }, deliver));
    expect(accepted).toEqual(Array.from({ length: 20 }, () => 200));
    // They begin together when there is somebody to run them.
    const workers = await Promise.all([startWorkerProcess(env), startWorkerProcess(env)]);
    await until('all runs', async () => {
      return (await deps.store.executions.countDocuments({ instanceId: id, status: 'SUCCESS' })) === 20;
    });
    await Promise.all(workers.map((worker) => worker.kill()));
    await echo.close();
    const sent = echo.calls.map(({ headers }) => headers['authorization']);
    expect(sent).toHaveLength(20);
    expect(new Set(sent).size).toBe(1);
    expect(sent[0]).not.toBe(`Bearer ${before}`);
    expect(await asked()).toEqual(['refresh_token 200']);
  }, 120_000);

  it('do not wait for the refresh while their token lives on', async () => {
    const { id, revision } = await aGranted();
    const other = await aResolver();
    const before = (await tokenOf(revision))!.access_token;
    await provider.set({ delayMs: 2000 });
    await change(id, { refreshAt: ago(1) });
    const refreshing = tokenOf(revision);
    await until('the lease', async () => (await record(id)).lease);
    expect(await resolveIn(other, revision, 3)).toEqual([before, before, before]);
    expect((await refreshing)!.access_token).not.toBe(before);
    expect(await asked()).toEqual(['refresh_token 200']);
  });

  it('go on when the process that refreshes dies: the next takes over when its lease has run out', async () => {
    const { id, revision } = await aGranted();
    const dying = await aResolver();
    await provider.set({ hangs: true });
    await expire(id);
    dying.send({ revision, times: 1 });
    await until('the request', async () => (await provider.requests()).length === 1);
    dying.kill('SIGKILL');
    await provider.set({ hangs: false });
    const { lease } = await record(id);
    expect(lease!.until.getTime()).toBeGreaterThan(Date.now() + 20_000);
    const waiting = tokenOf(revision);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await record(id)).lease).toEqual(lease);
    await change(id, { lease: { ...lease!, until: ago(1) } });
    expect((await waiting)!.expires_in).toBe(3600);
    expect(await standing(id)).toEqual(ACTIVE);
  });

  it('whose refresh token was used up by a process that died are told so', async () => {
    const { id, revision } = await aGranted();
    await provider.revoke((await tokenOf(revision))!.refresh_token!);
    await expire(id);
    await change(id, { lease: { holder: 'a process that died', until: ago(1) } });
    await tokenOf(revision);
    expect(await standing(id)).toEqual({
      status: 'FAILED',
      reason: expect.stringMatching(/invalid_grant.*A process ended during an earlier refresh/),
    });
  });
});

describe('a provider that gives no token', () => {
  it('for now: the connection is in ERROR, goes on with the token while that lives, and tries again later', async () => {
    const { id, revision } = await aGranted();
    const before = (await tokenOf(revision))!.access_token;
    await provider.set({ failures: 1 });
    await change(id, { refreshAt: ago(1) });
    expect((await tokenOf(revision))!.access_token).toBe(before);
    expect(await standing(id)).toEqual({ status: 'ERROR', reason: expect.stringContaining('status 503') });
    expect((await tokenOf(revision))!.access_token).toBe(before);
    expect(await asked()).toHaveLength(1);
    await change(id, { retryAt: ago(1) });
    expect((await tokenOf(revision))!.access_token).not.toBe(before);
    expect(await standing(id)).toEqual(ACTIVE);
  });

  it('for good: the connection has FAILED, is not tried again, and a new consent mends it', async () => {
    const { id, revision } = await aGranted();
    await provider.revoke((await tokenOf(revision))!.refresh_token!);
    await expire(id);
    await tokenOf(revision);
    expect(await standing(id)).toEqual({
      status: 'FAILED',
      reason: expect.stringContaining('The provider refused: invalid_grant'),
    });
    await tokenOf(revision);
    expect(await asked()).toEqual(['refresh_token 400']);
    const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId: id });
    await grantAccess(new Browser(), view!.authorizeUrl!);
    expect(await standing(id)).toEqual(ACTIVE);
    expect((await tokenOf(revision))!.expires_in).toBe(3600);
  });

  it('that hangs holds nobody up for long', async () => {
    const { id, revision } = await aGranted();
    await provider.set({ hangs: true });
    await expire(id);
    const startedMs = Date.now();
    await tokenOf(revision);
    expect(Date.now() - startedMs).toBeLessThan(20_000);
    expect(await standing(id)).toEqual({
      status: 'ERROR',
      reason: expect.stringContaining('no answer within 15 s'),
    });
  });

  it('that stands at a private address is not asked', async () => {
    const { id } = await aGranted();
    await updateInstance(system.deps, system.ctx, {
      id,
      configVariablePatch: [{ key: 'CRM', values: valuesOf({ host: '169.254.169.254' }) }],
    });
    const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId: id });
    const browser = new Browser();
    const away = await browser.follow(await browser.open(view!.authorizeUrl!), 'Continue', 'http://169.254');
    const state = new URL(away.url).searchParams.get('state')!;
    const end = await browser.open(`${system.apiUrl}/oauth2/callback?code=x&state=${state}`);
    expect([end.status, end.text]).toEqual([
      400,
      expect.stringContaining('private, local or metadata address'),
    ]);
  });

  it('while somebody grants access anew does not overwrite the newer grant', async () => {
    const { id, revision } = await aGranted();
    await provider.set({ delayMs: 1500 });
    await expire(id);
    const refreshing = tokenOf(revision);
    await until('the request', async () => (await provider.requests()).length === 1);
    await provider.set({ delayMs: 0 });
    const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId: id });
    await grantAccess(new Browser(), view!.authorizeUrl!);
    const granted = (await record(id)).sealedGrant;
    await refreshing;
    expect((await record(id)).sealedGrant).toBe(granted);
    expect(await standing(id)).toEqual(ACTIVE);
  });
});

describe('client credentials', () => {
  const aMachine = (fields = {}) =>
    aGrantedInstance(system, provider, { type: 'machine', client: 'machine', fields });

  it('get a token with the first run, and the next one before it ends', async () => {
    const { id, revision } = await aMachine();
    expect(await standing(id)).toEqual(ACTIVE);
    expect(await asked()).toEqual([]);
    const all = await Promise.all([tokenOf(revision), tokenOf(revision), tokenOf(revision)]);
    expect(new Set(all.map((token) => token!.access_token)).size).toBe(1);
    expect(await asked()).toEqual(['client_credentials 200']);
    await expire(id);
    expect((await tokenOf(revision))!.access_token).not.toBe(all[0]!.access_token);
    const [view] = await listConfigVariables(system.deps, system.ctx, { instanceId: id });
    expect([view!.authorizeUrl, view!.lastSuccessfulRefreshAt]).toEqual([null, expect.any(Date)]);
  });

  it('that are wrong fail with the provider’s reason, until others are deployed', async () => {
    const { id, revision } = await aMachine({ clientSecret: 'wrong-secret-00000000' });
    expect(await tokenOf(revision)).toBeUndefined();
    const { status, reason } = await standing(id);
    expect([status, reason]).toEqual(['FAILED', expect.stringContaining('invalid_client')]);
    expect(reason).not.toContain('wrong-secret');
    const before = (await asked()).length;
    await tokenOf(revision);
    expect((await asked()).length).toBe(before);
    const { clientSecret } = provider.fieldsOf('machine');
    await updateInstance(system.deps, system.ctx, {
      id,
      configVariablePatch: [{ key: 'CRM', values: valuesOf({ clientSecret: clientSecret! }) }],
    });
    const { deployment } = await deployInstance(system.deps, system.ctx, { id });
    expect((await tokenOf(deployment!.configRevisionId))!.expires_in).toBe(3600);
    expect(await standing(id)).toEqual(ACTIVE);
  });
});

describe('a component that cannot work with its connection', () => {
  it('puts it into ERROR until a call goes well; an older token is refreshed before', async () => {
    const { id, revision } = await aGranted();
    const configVars = await resolveConfig(system.deps, revision);
    const use = { configVars, inputs: { connection: configVars['CRM'], url: 'x' } };
    await change(id, { obtainedAt: ago(120) });
    await markConnectionError(system.deps, use, { reason: 'The CRM answered 401.' });
    expect(await standing(id)).toEqual({ status: 'ERROR', reason: 'The CRM answered 401.' });
    await tokenOf(revision);
    expect(await asked()).toEqual(['refresh_token 200']);
    expect((await standing(id)).status).toBe('ERROR');
    await markConnectionUsed(system.deps, use);
    expect(await standing(id)).toEqual(ACTIVE);
  });

  it('names it, or has an only one; other connections are left alone', async () => {
    const { id, revision } = await aGranted();
    const configVars = await resolveConfig(system.deps, revision);
    const use = { configVars, inputs: {} };
    await markConnectionError(system.deps, use, { reason: 'no', configVarKey: 'Another' });
    expect(await standing(id)).toEqual(ACTIVE);
    await markConnectionError(system.deps, use, { reason: 'no' });
    expect((await standing(id)).status).toBe('ERROR');
  });
});

describe('an instance that is deleted', () => {
  it('takes its tokens along', async () => {
    const { deps, ctx } = system;
    const { id } = await aGranted();
    await removeInstance(deps, await getInstance(deps, ctx, { id }));
    expect(await deps.store.connections.countDocuments({ instanceId: id })).toBe(0);
    expect(await deps.store.consents.countDocuments({ instanceId: id })).toBe(0);
  });
});
