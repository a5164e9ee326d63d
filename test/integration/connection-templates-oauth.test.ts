import { updateConnectionTemplate } from '../../src/services/connection-templates/update-connection-template';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import type { ConnectionTemplate } from '../../src/store/models/connection-template.model';
import { aTemplate, presetDefinition } from '../support/connection-template';
import {
  grantFirst,
  type OauthSystem,
  setFields,
  startOauthSystem,
  viewOfFirst,
} from '../support/oauth-provider/oauth-system';
import type { OauthProvider } from '../support/oauth-provider/start';
import { errorOf } from '../support/services';
import { anInstanceOf, inputsOf } from '../support/shared-connection';
import type { System } from '../support/system';

interface Value {
  fields: Record<string, string>;
  token?: { access_token: string; refresh_token?: string };
}

let subject: OauthSystem;
let system: System;
let provider: OauthProvider;

beforeAll(async () => {
  subject = await startOauthSystem({ worker: false });
  ({ system, provider } = subject);
});
afterAll(() => subject?.stop());

const component = { key: 'crm', isPublic: false };
const client = (wanted: 'post' | 'basic' | 'machine'): Record<string, string> => ({
  ...provider.fieldsOf(wanted),
  tokenUrl: `${provider.url}/token`,
});
const preset = (fields: Record<string, string>, connection = 'pkce') =>
  aTemplate(system, { component, connection, fields });
const instanceOf = async ({ name, connection }: ConnectionTemplate) =>
  (await anInstanceOf(system, presetDefinition(name, {}, { key: connection, component }))).id;

const viewOf = (instanceId: string) => viewOfFirst(system, instanceId);
const grant = (instanceId: string) => grantFirst(system, instanceId);
const deploy = async (id: string) =>
  (await deployInstance(system.deps, system.ctx, { id })).deployment!.configRevisionId;
const valueOf = async (revision: string) => (await resolveConfig(system.deps, revision))['Shop'] as Value;
const set = (id: string, fields: Record<string, string>) => setFields(system, id, 'Shop', fields);

describe('an OAuth connection whose client a preset gives', () => {
  it('is granted access with nothing set on the instance, and its token is refreshed', async () => {
    const { deps, ctx } = system;
    const template = await preset({
      ...client('post'),
      authorizeUrl: 'http://{{#host}}/auth?prompt=consent',
    });
    const id = await instanceOf(template);
    expect(await viewOf(id)).toMatchObject({
      status: 'PENDING',
      statusReason: 'Nobody has granted access yet.',
    });
    expect((await errorOf(deployInstance(deps, ctx, { id }))).faults).toMatchObject([
      { messages: [expect.stringContaining('Nobody has granted access')] },
    ]);
    await grant(id);
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('FULLY_CONFIGURED');
    const revision = await deploy(id);
    const first = await valueOf(revision);
    expect(first.fields).toMatchObject({
      clientId: 'post',
      authorizeUrl: `${provider.url}/auth?prompt=consent`,
    });
    expect(first.token?.access_token).toMatch(/./);

    await deps.store.connections.updateOne({ instanceId: id }, { $set: { refreshAt: new Date(0) } });
    const second = await valueOf(revision);
    expect(second.token?.refresh_token).toMatch(/./);
    expect(second.token?.access_token).not.toBe(first.token?.access_token);
    expect(await viewOf(id)).toMatchObject({ status: 'ACTIVE', statusReason: null });
  });

  it('asks for a token with credentials of the preset alone', async () => {
    const revision = await deploy(await instanceOf(await preset(client('machine'), 'machine')));
    expect((await valueOf(revision)).token?.access_token).toMatch(/./);
  });

  it('goes on with the old client until the next deploy, for which another client wants a new consent', async () => {
    const { deps, ctx } = system;
    const template = await preset(client('post'));
    const id = await instanceOf(template);
    await grant(id);
    const revision = await deploy(id);
    const before = (await valueOf(revision)).token;
    const other = inputsOf(client('basic'));
    await updateConnectionTemplate(deps, ctx, { id: template._id, inputs: other });
    expect((await viewOf(id)).status).toBe('PENDING');
    expect((await valueOf(revision)).token).toEqual(before);
    // What is deployed keeps its grant beside the new one.
    await grant(id);
    expect((await valueOf(revision)).token).toEqual(before);
    const next = await valueOf(await deploy(id));
    expect(next.fields['clientId']).toBe('basic');
    expect(next.token?.access_token).not.toBe(before?.access_token);
  });

  it('sends the preset’s secret to no address that is set on the instance', async () => {
    const template = await preset(client('post'));
    const id = await instanceOf(template);
    const { faults } = await errorOf(set(id, { tokenUrl: 'http://127.0.0.1:1/token' }));
    expect(faults).toMatchObject([
      { field: 'configVariables.Shop.tokenUrl', messages: [expect.stringContaining(template.name)] },
    ]);
    // Set while the preset had no secret: it does not count once there is one.
    const later = await preset({ clientId: 'post', host: client('post')['host']! });
    const early = await instanceOf(later);
    await set(early, { tokenUrl: 'http://127.0.0.1:1/token' });
    const inputs = inputsOf({ clientSecret: client('post')['clientSecret']! });
    await updateConnectionTemplate(system.deps, system.ctx, { id: later._id, inputs });
    await grant(early);
    expect((await valueOf(await deploy(early))).fields['tokenUrl']).toBe(`${provider.url}/token`);
  });
});
