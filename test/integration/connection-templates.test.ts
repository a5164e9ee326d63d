import { randomUUID } from 'node:crypto';
import { createConnectionTemplate } from '../../src/services/connection-templates/create-connection-template';
import { deleteConnectionTemplate } from '../../src/services/connection-templates/delete-connection-template';
import { getConnectionTemplate } from '../../src/services/connection-templates/get-connection-template';
import { listConnectionTemplates } from '../../src/services/connection-templates/list-connection-templates';
import { updateConnectionTemplate } from '../../src/services/connection-templates/update-connection-template';
import { viewConnectionTemplates } from '../../src/services/connection-templates/view-connection-templates';
import { draftDeployment } from '../../src/services/executions/accept/draft-deployment';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { removeInstance } from '../../src/services/instances/remove-instance';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { exportIntegration } from '../../src/services/integrations/export-integration';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { validateDefinition } from '../../src/services/integrations/validate-definition';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { readRunUser } from '../../src/services/user-configs/read-run-user';
import { viewUserConfig } from '../../src/services/user-configs/view-user-config';
import type { ConnectionTemplate } from '../../src/store/models/connection-template.model';
import type { Instance } from '../../src/store/models/instance.model';
import { aTemplate, presetDefinition } from '../support/connection-template';
import { publishCrm, valuesOf } from '../support/oauth-provider/crm';
import { aUser, contextOf, errorOf, type Services, startServices } from '../support/services';
import { anInstanceOf, inputsOf } from '../support/shared-connection';

let services: Services;

beforeAll(async () => {
  services = await startServices();
  await publishCrm(services.deps.store, services.ctx);
});
afterAll(() => services?.stop());

/** What runs of the deployed revision get as fields of the connection, or the draft where there is none. */
async function fieldsOf(id: string): Promise<Record<string, string>> {
  const { deps, ctx } = services;
  const instance = await getInstance(deps, ctx, { id });
  const values = await resolveConfig(deps, instance.deployment?.configRevisionId ?? instance);
  return (values['Shop'] as { fields: Record<string, string> }).fields;
}

const deploy = (id: string) => deployInstance(services.deps, services.ctx, { id });
const change = (template: ConnectionTemplate, fields: Record<string, string>) =>
  updateConnectionTemplate(services.deps, services.ctx, { id: template._id, inputs: inputsOf(fields) });
const set = (id: string, fields: Record<string, string>, ctx = services.ctx) =>
  updateInstance(services.deps, ctx, {
    id,
    configVariablePatch: [{ key: 'Shop', values: valuesOf(fields) }],
  });
const faultsOf = async (call: Promise<unknown>) => (await errorOf(call)).faults;
const needsDeploy = async (id: string) =>
  (await getInstance(services.deps, services.ctx, { id })).needsDeploy;
async function customerAdmin(customerId: string) {
  const { deps, owner } = services;
  return contextOf(await aUser(deps, owner.organizationId, { role: 'customer_admin', customerId }));
}

describe('a preset', () => {
  it('is sealed in the database and masked for readers; a mask that comes back keeps the secret', async () => {
    const { deps, ctx } = services;
    const secret = `secret-${randomUUID()}`;
    const template = await aTemplate(services, { fields: { apiKey: secret, authScheme: 'Bearer' } });
    const stored = await deps.store.connectionTemplates.findById(template._id).lean();
    expect(JSON.stringify(stored)).not.toMatch(new RegExp(`${secret}|Bearer`));
    const [view] = await viewConnectionTemplates(deps, ctx, [template]);
    expect(view!.inputs).toEqual([
      { name: 'apiKey', value: expect.stringMatching(/^•+$/) },
      { name: 'authScheme', value: 'Bearer' },
    ]);
    await updateConnectionTemplate(deps, ctx, { id: template._id, inputs: view!.inputs });
    const { id } = await anInstanceOf(services, presetDefinition(template.name));
    expect(await fieldsOf(id)).toMatchObject({ apiKey: secret, authScheme: 'Bearer' });
  });

  it('is refused with all of its faults at once', async () => {
    const { deps, ctx } = services;
    const { name } = await aTemplate(services);
    const kind = { component: { key: 'http', isPublic: true }, connection: 'apiKey' };
    const inputs = [
      { name: 'apikey', value: 'x' },
      { name: 'apiKey', value: 'x' },
      { name: 'apiKey', value: 'y' },
    ];
    const all = await errorOf(createConnectionTemplate(deps, ctx, { name, ...kind, inputs }));
    expect(all.code).toBe('invalid_input');
    expect(all.faults).toEqual([
      { field: 'name', messages: [expect.stringContaining('has this name')] },
      { field: 'inputs.apikey', messages: [expect.stringContaining('Did you mean "apiKey"?')] },
      { field: 'inputs.apiKey', messages: [expect.stringContaining('twice')] },
    ]);
    expect(await errorOf(createConnectionTemplate(deps, ctx, { name, ...kind }))).toMatchObject({
      code: 'conflict',
      faults: [{ field: 'name' }],
    });
    expect(await faultsOf(aTemplate(services, { connection: 'none' }))).toMatchObject([
      { field: 'connection', messages: [expect.stringContaining('"apiKey"')] },
    ]);
    expect(await faultsOf(aTemplate(services, { component: { key: 'none', isPublic: true } }))).toMatchObject(
      [{ field: 'component' }],
    );
    const nothing = { name: '', component: { key: 'none', isPublic: true } };
    expect(await faultsOf(aTemplate(services, nothing))).toMatchObject([
      { field: 'name' },
      { field: 'component' },
    ]);
    expect(await faultsOf(aTemplate(services, { name: '', fields: { nothing: 'x' } }))).toMatchObject([
      { field: 'name' },
      { field: 'inputs.nothing' },
    ]);
    expect(await faultsOf(aTemplate(services, { name: ' ' }))).toMatchObject([{ field: 'name' }]);
  });

  it('may have the name of one of another kind of connection', async () => {
    const { name } = await aTemplate(services);
    await aTemplate(services, { name, connection: 'basic' });
    await aTemplate(services, { name, component: { key: 'crm', isPublic: false }, connection: 'code' });
  });

  it('changes by field; stays of its kind; and is made one of two at the same moment', async () => {
    const { deps, ctx } = services;
    const template = await aTemplate(services, { fields: { apiKey: 'k', authScheme: 'Bearer' } });
    const changed = await change(template, { authScheme: '', headerKey: 'X' });
    const [view] = await viewConnectionTemplates(deps, ctx, [changed]);
    expect(view!.inputs.map(({ name }) => name)).toEqual(['apiKey', 'headerKey']);
    expect(await faultsOf(change(template, { nothing: 'x' }))).toMatchObject([{ field: 'inputs.nothing' }]);
    const kind = { component: { key: 'http', isPublic: true }, connection: 'basic' };
    expect(await faultsOf(updateConnectionTemplate(deps, ctx, { id: template._id, kind }))).toMatchObject([
      { field: 'connection' },
    ]);
    const name = `Both ${randomUUID()}`;
    const both = await Promise.allSettled([aTemplate(services, { name }), aTemplate(services, { name })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
  });

  it('is read by users of the organization and changed by its writers; others know of none', async () => {
    const { deps, owner } = services;
    const template = await aTemplate(services);
    const { customerId } = await anInstanceOf(services, presetDefinition(template.name));
    const guest = contextOf(await aUser(deps, owner.organizationId, { role: 'guest' }));
    expect((await getConnectionTemplate(deps, guest, { id: template._id })).name).toBe(template.name);
    expect((await viewConnectionTemplates(deps, guest, [template]))[0]).toMatchObject({
      mayUpdate: false,
      mayRemove: false,
    });
    const other = await bootstrapOrganization(deps, {
      organizationName: `Other ${randomUUID()}`,
      ownerEmail: `${randomUUID()}@other.test`,
      ownerName: 'Other',
    });
    const { _id: id } = template;
    for (const [ctx, code] of [
      [guest, 'forbidden'],
      [await customerAdmin(customerId), 'not_found'],
      [contextOf(other.owner), 'not_found'],
    ] as const) {
      expect((await errorOf(updateConnectionTemplate(deps, ctx, { id, name: 'x' }))).code).toBe(code);
      expect((await errorOf(deleteConnectionTemplate(deps, ctx, { id }))).code).toBe(code);
      if (ctx === guest) continue;
      expect((await errorOf(getConnectionTemplate(deps, ctx, { id }))).code).toBe('not_found');
      expect((await listConnectionTemplates(deps, ctx)).nodes).toEqual([]);
    }
    expect((await errorOf(aTemplate(services, {}, guest))).code).toBe('forbidden');
    const admin = await customerAdmin(customerId);
    expect((await errorOf(aTemplate(services, {}, admin))).code).toBe('forbidden');
    const definition = presetDefinition('None of that name');
    expect((await validateDefinition(deps, admin, { definition })).faults).toEqual([]);
    expect((await validateDefinition(deps, guest, { definition })).faults).toHaveLength(1);
  });
});

describe('a definition that names a preset', () => {
  it('is warned of a name that there is not, at its place, and takes it once it is there', async () => {
    const { deps, ctx } = services;
    const name = `Later ${randomUUID()}`;
    const text = presetDefinition(name);
    const [fault, ...others] = (await validateDefinition(deps, ctx, { definition: text })).faults;
    expect(others).toEqual([]);
    expect(fault).toMatchObject({
      code: 'unknown_connection_template',
      severity: 'warning',
      path: 'requiredConfigVars.0.connection.template',
      line: text.split('\n').findIndex((line) => line.includes('template:')) + 1,
      hint: expect.stringContaining('Known: '),
    });
    expect((await importIntegration(deps, ctx, { definition: text })).warnings).toEqual([fault]);
    await aTemplate(services, { name });
    expect((await importIntegration(deps, ctx, { definition: text })).warnings).toEqual([]);
  });

  it('is exported with it', async () => {
    const { deps, ctx } = services;
    const text = presetDefinition('Nowhere', { later: { kept: true } });
    const { _id: id } = await importIntegration(deps, ctx, { definition: text });
    const exported = await exportIntegration(deps, ctx, { id });
    expect(exported).toContain('template: Nowhere');
    expect(exported).toContain('kept: true');
  });
});

describe('an instance of it', () => {
  it('is fully configured by the preset, and has its values before defaults and behind its own', async () => {
    const { deps, ctx } = services;
    const { name } = await aTemplate(services, {
      fields: { apiKey: 'preset', authScheme: 'Bearer', headerKey: 'X-Preset' },
    });
    const inputs = { headerKey: { type: 'value', value: 'X-Definition' } };
    const { id } = await anInstanceOf(services, presetDefinition(name, { inputs }));
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('FULLY_CONFIGURED');
    await deploy(id);
    expect(await fieldsOf(id)).toEqual({ apiKey: 'preset', authScheme: 'Bearer', headerKey: 'X-Definition' });
    await set(id, { apiKey: 'own' });
    await deploy(id);
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 'own', authScheme: 'Bearer' });
    await set(id, { apiKey: '' });
    await deploy(id);
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 'preset' });
  });

  it('lacks what a preset that is not there would give, and is told so at the deploy', async () => {
    const { deps, ctx } = services;
    const name = `Gone ${randomUUID()}`;
    const { id } = await anInstanceOf(services, presetDefinition(name));
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('NEEDS_INSTANCE_CONFIGURATION');
    expect(await faultsOf(deploy(id))).toMatchObject([
      {
        field: 'configVariables.Shop.apiKey',
        messages: [
          expect.stringContaining(`The preset "${name}", which the definition names, is not there.`),
        ],
      },
    ]);
    await set(id, { apiKey: 'own' });
    await deploy(id);
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 'own' });
  });

  it('keeps the values that it was deployed with until the next deploy, which it is said to need', async () => {
    const { deps } = services;
    const template = await aTemplate(services, { fields: { apiKey: 'old' } });
    const { id } = await anInstanceOf(services, presetDefinition(template.name));
    await deploy(id);
    expect(await needsDeploy(id)).toBe(false);
    await change(template, { apiKey: 'new' });
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 'old' });
    expect(await needsDeploy(id)).toBe(true);
    await deploy(id);
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 'new' });
    expect(await needsDeploy(id)).toBe(false);
    const revisions = await deps.store.configRevisions.find({ instanceId: id }).lean();
    expect(JSON.stringify(revisions)).not.toContain('"new"');
  });

  it('does not put into plans what a preset holds', async () => {
    const secret = `secret-${randomUUID()}`;
    const { name } = await aTemplate(services, { fields: { apiKey: secret } });
    const { id } = await anInstanceOf(services, presetDefinition(name));
    await deploy(id);
    const all = await services.deps.store.plans.find().lean();
    expect(JSON.stringify(all)).toContain(name);
    expect(JSON.stringify(all)).not.toContain(secret);
  });

  it('keeps a preset from being deleted or renamed while it is deployed with it; versions do not', async () => {
    const { deps, ctx } = services;
    const template = await aTemplate(services, { fields: { apiKey: 'k' } });
    const { _id } = template;
    const { id } = await anInstanceOf(services, presetDefinition(template.name));
    await deploy(id);
    const instance = await getInstance(deps, ctx, { id });
    for (const refused of [
      deleteConnectionTemplate(deps, ctx, { id: _id }),
      updateConnectionTemplate(deps, ctx, { id: _id, name: 'Another' }),
    ])
      expect(await errorOf(refused)).toMatchObject({
        code: 'invalid_state',
        message: expect.stringContaining(`"${instance.name}"`),
      });
    expect((await viewConnectionTemplates(deps, ctx, [template]))[0]).toMatchObject({
      hasDeployedInstances: true,
      mayUpdate: true,
      mayRemove: false,
    });
    await removeInstance(deps, instance);
    await updateConnectionTemplate(deps, ctx, { id: _id, name: `Another ${randomUUID()}` });
    await deleteConnectionTemplate(deps, ctx, { id: _id });
    expect((await errorOf(getConnectionTemplate(deps, ctx, { id: _id }))).code).toBe('not_found');
  });

  it('is deployed with a preset or finds it gone, whichever of deploy and deletion comes first', async () => {
    const { deps, ctx } = services;
    for (let round = 0; round < 3; round += 1) {
      const template = await aTemplate(services, { fields: { apiKey: 'k' } });
      const { id } = await anInstanceOf(services, presetDefinition(template.name));
      const [deployed, deleted] = await Promise.allSettled([
        deploy(id),
        deleteConnectionTemplate(deps, ctx, { id: template._id }),
      ]);
      expect([deployed.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('shows users of its customer nothing of a preset, and lets them set none of its fields', async () => {
    const { deps, ctx } = services;
    const { name, _id } = await aTemplate(services, { fields: { apiKey: 's', headerKey: 'X-Preset' } });
    const { id, customerId } = await anInstanceOf(services, presetDefinition(name));
    const theirs = await customerAdmin(customerId);
    const [seen] = await listConfigVariables(deps, theirs, { instanceId: id });
    expect(seen).toMatchObject({ inputs: [{ name: 'authScheme' }], templateId: null, isRequired: false });
    const refused = await faultsOf(set(id, { apiKey: 'mine', headerKey: 'mine' }, theirs));
    expect(refused.map(({ field }) => field)).toEqual([
      'configVariables.Shop.apiKey',
      'configVariables.Shop.headerKey',
    ]);
    await set(id, { authScheme: 'Theirs' }, theirs);
    const [shown] = await listConfigVariables(deps, ctx, { instanceId: id });
    expect(shown).toMatchObject({
      templateId: _id,
      inputs: [
        { name: 'apiKey', value: expect.stringMatching(/^•+$/) },
        { name: 'headerKey', value: 'X-Preset' },
        { name: 'authScheme', value: 'Theirs' },
      ],
    });
  });

  it('does not take what is shown of a preset for values of its own when that comes back', async () => {
    const { deps, ctx } = services;
    const template = await aTemplate(services, { fields: { apiKey: 's', headerKey: 'X-Old' } });
    const { id } = await anInstanceOf(services, presetDefinition(template.name));
    const [shown] = await listConfigVariables(deps, ctx, { instanceId: id });
    await set(id, Object.fromEntries(shown!.inputs.map(({ name, value }) => [name, value])));
    await change(template, { apiKey: 's2', headerKey: 'X-New' });
    await deploy(id);
    expect(await fieldsOf(id)).toMatchObject({ apiKey: 's2', headerKey: 'X-New' });
  });

  it('gives each end user the preset’s values where a page is the users’ own', async () => {
    const { deps, ctx } = services;
    const template = await aTemplate(services, { fields: { apiKey: 'old' } });
    const pages = [
      { name: 'You', userLevelConfigured: true, elements: [{ type: 'configVar', value: 'Shop' }] },
    ];
    const text = `${presetDefinition(template.name)}`.replace(
      'configPages: []',
      `configPages: ${JSON.stringify(pages)}`,
    );
    const { id } = await anInstanceOf(services, text);
    const config = await createUserConfig(deps, ctx, { instanceId: id, externalId: 'u' });
    expect((await viewUserConfig(deps, ctx, config)).missing).toEqual([]);
    await deploy(id);
    await change(template, { apiKey: 'new' });
    const user = await readRunUser(deps, { id: config._id, revision: config.revision });
    const { deployment } = await getInstance(deps, ctx, { id });
    expect((await resolveConfig(deps, deployment!.configRevisionId, user))['Shop']).toMatchObject({
      fields: { apiKey: 'old' },
    });
  });

  it('which is a test instance, has a preset as it is at each test, and a new revision only if that changed', async () => {
    const { deps, ctx } = services;
    const template = await aTemplate(services, { fields: { apiKey: 'one' } });
    const { _id } = await importIntegration(deps, ctx, { definition: presetDefinition(template.name) });
    const test = await deps.store.instances.findOne({ integrationId: _id, isSystem: true }).lean<Instance>();
    const next = async () => {
      const { configRevisionId } = await draftDeployment(deps, test!._id);
      const values = await resolveConfig(deps, configRevisionId);
      return { configRevisionId, fields: (values['Shop'] as { fields: object }).fields };
    };
    const first = await next();
    expect(first.fields).toMatchObject({ apiKey: 'one' });
    expect((await next()).configRevisionId).toBe(first.configRevisionId);
    await change(template, { apiKey: 'two' });
    expect((await next()).fields).toMatchObject({ apiKey: 'two' });
    expect((await resolveConfig(deps, first.configRevisionId))['Shop']).toMatchObject({
      fields: { apiKey: 'one' },
    });
  });
});
