import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { definition, step, value } from '../support/definition-builder';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { crmConnection, valuesOf } from '../support/oauth-provider/crm';
import {
  type OauthSystem,
  setFields,
  startOauthSystem,
  viewOfFirst,
} from '../support/oauth-provider/oauth-system';
import type { OauthProvider } from '../support/oauth-provider/start';
import { aUser, contextOf, errorOf } from '../support/services';
import type { System } from '../support/system';

interface Token {
  access_token: string;
  refresh_token?: string;
  token_type: string;
  expires_in?: number;
}
type Value = {
  key: string;
  configVarKey: string;
  fields: Record<string, string>;
  token?: Token;
  context?: object;
};

let subject: OauthSystem;
let system: System;
let provider: OauthProvider;

beforeAll(async () => {
  subject = await startOauthSystem({ worker: false });
  ({ system, provider } = subject);
});
afterAll(() => subject?.stop());

/** An instance with one connection that a step uses. */
async function anInstance(type: 'code' | 'pkce', fields: Record<string, string>, rest: object = {}) {
  const { deps, ctx } = system;
  const call = step('Ask the CRM', 'http.httpGet', {
    url: value('http://127.0.0.1:1/'),
    connection: { type: 'configVar', value: 'CRM' },
  });
  const text = definition(`Consent ${randomUUID()}`, [{ name: 'Main', steps: [call] }], {
    requiredConfigVars: [crmConnection('CRM', type, rest)],
  });
  const integration = await importIntegration(deps, ctx, { definition: text });
  await publishIntegration(deps, ctx, { id: integration._id });
  const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
  const { _id: id } = await createInstance(deps, ctx, {
    name: 'Shop <b>1</b>',
    integrationId: integration._id,
    customerId: customer._id,
    configVariables: [{ key: 'CRM', values: valuesOf(fields) }],
  });
  return { id, customerId: customer._id };
}

const connectionOf = (instanceId: string) => viewOfFirst(system, instanceId);

const draftValue = async (id: string) =>
  (await resolveConfig(system.deps, await getInstance(system.deps, system.ctx, { id })))['CRM'] as Value;

const set = (id: string, fields: Record<string, string>) => setFields(system, id, 'CRM', fields);

describe('granting access in a browser', () => {
  it('leads from our page over the provider’s pages to a token, which runs get whole; the database holds it sealed', async () => {
    const { deps, ctx } = system;
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const before = await connectionOf(id);
    expect([before.status, before.statusReason]).toEqual(['PENDING', 'Nobody has granted access yet.']);
    expect((await draftValue(id)).token).toBeUndefined();

    const end = await grantAccess(new Browser(), before.authorizeUrl!);
    expect([end.status, end.text]).toEqual([200, expect.stringContaining('The connection is active')]);
    expect(end.headers.get('content-security-policy')).toMatch(/^sandbox .*default-src 'none'/);

    const after = await connectionOf(id);
    expect([after.status, after.statusReason]).toEqual(['ACTIVE', null]);
    const { key, configVarKey, fields, token, context } = await draftValue(id);
    expect({ key, configVarKey, fields }).toEqual({
      key: 'code',
      configVarKey: 'CRM',
      fields: {
        ...provider.fieldsOf('post'),
        authorizeUrl: `${provider.url}/auth?prompt=consent`,
        tokenUrl: `${provider.url}/token`,
        scopes: 'openid offline_access',
      },
    });
    expect(token).toMatchObject({
      access_token: expect.stringMatching(/./),
      refresh_token: expect.stringMatching(/./),
      id_token: expect.stringMatching(/./),
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(context).toEqual({});
    const stored = JSON.stringify(await deps.store.connections.find({ instanceId: id }).lean());
    for (const secret of [token!.access_token, token!.refresh_token!]) expect(stored).not.toContain(secret);
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('FULLY_CONFIGURED');
  });

  it('works with clients that send their secret in a header, and with public ones by PKCE', async () => {
    for (const [type, client] of [
      ['code', 'basic'],
      ['pkce', 'public'],
      ['pkce', 'post'],
    ] as const) {
      const { id } = await anInstance(type, provider.fieldsOf(client));
      const end = await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
      expect([client, end.status]).toEqual([client, 200]);
      expect([client, (await connectionOf(id)).status]).toEqual([client, 'ACTIVE']);
    }
  });

  it('sends no challenge where the component declares no PKCE; the provider insists, and its reason is shown', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('public'));
    const browser = new Browser();
    const end = await browser.follow(await browser.open((await connectionOf(id)).authorizeUrl!), 'Continue');
    expect(end.status).toBe(400);
    expect(end.text).toContain('PKCE');
    const { status, statusReason } = await connectionOf(id);
    expect([status, statusReason]).toEqual(['PENDING', expect.stringContaining('invalid_request')]);
  });

  it('keeps a refusal apart from a former grant, and forgets its reason with the next grant', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const refuse = async () => {
      const browser = new Browser();
      const login = await browser.follow(
        await browser.open((await connectionOf(id)).authorizeUrl!),
        'Continue',
      );
      return browser.follow(login, '\\[ Cancel \\]');
    };
    const end = await refuse();
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('access_denied')]);
    expect((await connectionOf(id)).statusReason).toContain('access_denied');
    await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
    const { access_token: granted } = (await draftValue(id)).token!;
    await refuse();
    expect((await connectionOf(id)).status).toBe('ACTIVE');
    expect((await draftValue(id)).token!.access_token).toBe(granted);
  });

  it('goes where the definition says afterwards', async () => {
    const meta = {
      oAuthSuccessRedirectUri: 'https://shop.example/connected?x=1',
      oAuthFailureRedirectUri: 'https://shop.example/not-connected',
    };
    const { id } = await anInstance('code', provider.fieldsOf('post'), { meta });
    const { authorizeUrl } = await connectionOf(id);
    const good = await grantAccess(new Browser(), authorizeUrl!, 'https://shop.example');
    expect(good.url).toBe(meta.oAuthSuccessRedirectUri);
    const browser = new Browser();
    const login = await browser.follow(await browser.open(authorizeUrl!), 'Continue');
    const bad = await browser.follow(login, '\\[ Cancel \\]', 'https://shop.example');
    expect(bad.url).toBe(meta.oAuthFailureRedirectUri);
  });

  it('shows what it is for, as text, and what is still missing instead of a link', async () => {
    const { id } = await anInstance('code', { ...provider.fieldsOf('post'), clientId: '' });
    const page = await new Browser().open((await connectionOf(id)).authorizeUrl!);
    expect(page.text).toContain('Shop &lt;b&gt;1&lt;/b&gt;');
    expect(page.text).toContain('The field &quot;clientId&quot; needs a value.');
    expect(page.text).not.toContain('<a ');
    const { status, statusReason } = await connectionOf(id);
    expect([status, statusReason]).toEqual(['PENDING', 'Values are missing: clientId.']);
  });
});

describe('an answer of the provider', () => {
  const callback = () => `${system.apiUrl}/oauth2/callback`;

  it('counts once, and only in the browser that began', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const { authorizeUrl } = await connectionOf(id);
    const browser = new Browser();
    const answer = await grantAccess(browser, authorizeUrl!, callback());
    const elsewhere = await new Browser().open(answer.url);
    expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining('another browser')]);
    expect((await connectionOf(id)).status).toBe('PENDING');
    expect((await browser.open(answer.url)).status).toBe(200);
    const { version } = (await system.deps.store.connections.findOne({ instanceId: id }).lean())!;
    expect((await browser.open(answer.url)).status).toBe(400);
    expect((await system.deps.store.connections.findOne({ instanceId: id }).lean())!.version).toBe(version);
  });

  it('changes nothing when its state was changed, is too old, or is missing', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const { authorizeUrl } = await connectionOf(id);
    const browser = new Browser();
    const answer = new URL((await grantAccess(browser, authorizeUrl!, callback())).url);
    const state = answer.searchParams.get('state')!;
    const changed = (state.startsWith('A') ? 'B' : 'A') + state.slice(1);
    for (const wrong of ['', 'x', `${state}x`, changed, state.split('.')[0]!]) {
      answer.searchParams.set('state', wrong);
      expect([wrong, (await browser.open(answer.href)).status]).toEqual([wrong, 400]);
    }
    await system.deps.store.consents.updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
    answer.searchParams.set('state', state);
    expect((await browser.open(answer.href)).status).toBe(400);
    expect((await connectionOf(id)).status).toBe('PENDING');
  });

  it('is refused when it names another provider than the one that was asked', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const { authorizeUrl } = await connectionOf(id);
    const browser = new Browser();
    const answer = new URL((await grantAccess(browser, authorizeUrl!, callback())).url);
    expect(answer.searchParams.get('iss')).toBe(provider.url);
    answer.searchParams.set('iss', 'https://evil.example');
    const end = await browser.open(answer.href);
    expect([end.status, end.text]).toEqual([400, expect.stringContaining('another provider')]);
    expect((await connectionOf(id)).status).toBe('PENDING');
  });

  it('brings along what else the provider tells', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const { authorizeUrl } = await connectionOf(id);
    const browser = new Browser();
    const answer = new URL((await grantAccess(browser, authorizeUrl!, callback())).url);
    answer.searchParams.set('realmId', '4711');
    expect((await browser.open(answer.href)).status).toBe(200);
    expect((await draftValue(id)).context).toEqual({ realmId: '4711' });
  });

  it('does nothing for a link that was changed, nor for an instance that is gone', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const { authorizeUrl } = await connectionOf(id);
    const changed = await new Browser().open(`${authorizeUrl}x`);
    expect([changed.status, changed.text]).toEqual([401, expect.stringContaining('not valid')]);
    const direct = await new Browser().open(`${authorizeUrl}/continue`);
    expect([direct.url, direct.status]).toEqual([authorizeUrl, 200]);
    await system.deps.store.instances.deleteOne({ _id: id });
    const gone = await new Browser().open(authorizeUrl!);
    expect(gone.status).toBe(404);
  });
});

describe('going on to the provider', () => {
  it('needs the link of our page of this very ticket, as this very browser was shown it', async () => {
    const [mine, other] = [
      await anInstance('code', provider.fieldsOf('post')),
      await anInstance('code', provider.fieldsOf('post')),
    ];
    const urlOf = async ({ id }: { id: string }) => (await connectionOf(id)).authorizeUrl!;
    const keyIn = ({ text }: { text: string }) => /continue\?page=([\w-]+)"/.exec(text)?.[1] ?? '';
    const [ticket, otherTicket] = [await urlOf(mine), await urlOf(other)];
    const browser = new Browser();
    const otherKey = keyIn(await browser.open(otherTicket));
    const strangersKey = keyIn(await new Browser().open(ticket));
    // It has a cookie of ours by now, but has not been shown this ticket.
    for (const query of ['', `?page=${otherKey}`, `?page=${strangersKey}`, '?page=x&page=y']) {
      const end = await browser.open(`${ticket}/continue${query}`, {}, provider.url);
      expect([query, end.url]).toEqual([query, ticket]);
    }
    expect(await system.deps.store.consents.countDocuments({ instanceId: mine.id })).toBe(0);
    const key = keyIn(await browser.open(ticket));
    const end = await browser.open(`${ticket}/continue?page=${key}`, {}, provider.url);
    expect(end.url).toMatch(new RegExp(`^${provider.url}/`));
  });
});

describe('a deploy', () => {
  it('waits for the consent, names the step that needs it, and goes without it when forced', async () => {
    const { deps, ctx } = system;
    const { id } = await anInstance('code', { clientId: 'post' });
    const missing = await errorOf(deployInstance(deps, ctx, { id, force: true }));
    expect(missing.faults).toEqual([
      {
        field: 'configVariables.CRM.host',
        messages: ['The connection "CRM" needs a value for its field "host", which "Ask the CRM" uses.'],
      },
    ]);
    await set(id, provider.fieldsOf('post'));
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('NEEDS_INSTANCE_CONFIGURATION');
    const refused = await errorOf(deployInstance(deps, ctx, { id }));
    expect(refused.faults[0]).toMatchObject({
      field: 'configVariables.CRM',
      messages: [expect.stringMatching(/Nobody has granted access .* which "Ask the CRM" uses/)],
    });
    expect((await deployInstance(deps, ctx, { id, force: true })).deployment?.revision).toBe(1);
    await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
    expect((await deployInstance(deps, ctx, { id })).deployment?.revision).toBe(2);
  });

  it('switches to another client together with its token; until then runs keep the old pair', async () => {
    const { deps, ctx } = system;
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
    const { deployment } = await deployInstance(deps, ctx, { id });
    const deployed = async (revision: string) => (await resolveConfig(deps, revision))['CRM'] as Value;
    const old = await deployed(deployment!.configRevisionId);
    await set(id, provider.fieldsOf('basic'));
    expect((await connectionOf(id)).status).toBe('PENDING');
    await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
    expect(await deployed(deployment!.configRevisionId)).toEqual(old);
    const next = await deployInstance(deps, ctx, { id });
    const now = await deployed(next.deployment!.configRevisionId);
    expect(now.fields['clientId']).toBe('basic');
    expect(now.token!.access_token).not.toBe(old.token!.access_token);
  });
});

describe('what doors show of it', () => {
  const graphql = async (query: string, variables: object) => {
    const response = await fetch(`${system.apiUrl}/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${system.accessToken}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data: { instance: { configVariables: { nodes: object[] } } } };
  };

  it('GraphQL: status with its reason, the filter, and the address of the consent', async () => {
    const { id } = await anInstance('code', provider.fieldsOf('post'));
    const query = `query q($id: ID!, $in: [String]) { instance(id: $id) { configVariables(status_In: $in) {
      nodes { status statusReason authorizeUrl meta refreshAt requiredConfigVariable { key dataType } } } } }`;
    const nodes = async (statuses: string[] | null) =>
      (await graphql(query, { id, in: statuses })).data.instance.configVariables.nodes;
    expect(await nodes(['pending', 'error'])).toEqual([
      {
        status: 'PENDING',
        statusReason: 'Nobody has granted access yet.',
        authorizeUrl: expect.stringMatching(`^${system.apiUrl}/oauth2/authorize/`),
        meta: '{}',
        refreshAt: null,
        requiredConfigVariable: { key: 'CRM', dataType: 'CONNECTION' },
      },
    ]);
    expect(await nodes(['active'])).toEqual([]);
    await grantAccess(new Browser(), (await connectionOf(id)).authorizeUrl!);
    expect(await nodes(['active'])).toMatchObject([{ status: 'ACTIVE', refreshAt: expect.any(String) }]);
  });

  it('REST: the same; who may only read gets no address', async () => {
    const { deps, ctx } = system;
    const { id, customerId } = await anInstance('code', provider.fieldsOf('post'));
    const response = await fetch(`${system.apiUrl}/api/v1/instances/${id}/config-variables`, {
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    const body = (await response.json()) as { items: object[] };
    expect(body.items).toMatchObject([
      { status: 'PENDING', authorizeUrl: expect.any(String), refreshAt: null, lastSuccessfulRefreshAt: null },
    ]);
    const urlFor = async (role: 'guest' | 'customer_member' | 'customer_admin', ofCustomer?: string) => {
      const user = await aUser(deps, ctx.actor.organizationId, {
        role,
        ...(ofCustomer && { customerId: ofCustomer }),
      });
      return (await listConfigVariables(deps, contextOf(user), { instanceId: id }))[0]!.authorizeUrl;
    };
    expect(await urlFor('guest')).toBeNull();
    expect(await urlFor('customer_member', customerId)).toBeNull();
    expect(await urlFor('customer_admin', customerId)).toMatch(/^http/);
  });
});
