import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getConfigState } from '../../src/services/instances/get-config-state';
import { getInstance } from '../../src/services/instances/get-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { putInService, storeNextRevision } from '../../src/services/instances/switch-revision';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { setVersionAvailability } from '../../src/services/integrations/set-version-availability';
import { inTransaction } from '../../src/services/transaction';
import {
  aConfigurableInstance,
  body,
  COMPLETE,
  CONFIG_VARS,
  fields,
  secret,
} from '../support/configurable-instance';
import { definition } from '../support/definition-builder';
import { errorOf, type Services, startServices } from '../support/services';

describe('deploying an instance', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  const anInstance = (extra: Parameters<typeof aConfigurableInstance>[1] = {}) =>
    aConfigurableInstance(services, extra);

  it('refuses a deploy while values are missing, naming every variable and field at once, and changes nothing', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance();
    const error = await errorOf(deployInstance(deps, ctx, { id }));
    expect(error.code).toBe('invalid_input');
    expect(error.faults.map(({ field }) => field)).toEqual([
      'configVariables.Bucket',
      'configVariables.Size',
      'configVariables.Warehouse.username',
    ]);
    const after = await getInstance(deps, ctx, { id });
    expect([after.deployment, after.enabled, after.needsDeploy]).toEqual([null, false, true]);
    expect(await deps.store.configRevisions.countDocuments({ instanceId: id })).toBe(0);
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('NEEDS_INSTANCE_CONFIGURATION');
  });

  it('enables the instance at the first deploy and keeps a disabled one disabled at later ones', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    expect((await getInstance(deps, ctx, { id })).enabled).toBe(false);
    expect(await getConfigState(deps, ctx, { instanceId: id })).toBe('FULLY_CONFIGURED');
    const first = await deployInstance(deps, ctx, { id });
    expect([first.enabled, first.needsDeploy, first.deployment?.revision]).toEqual([true, false, 1]);
    await updateInstance(deps, ctx, { id, enabled: false });
    const second = await deployInstance(deps, ctx, { id });
    expect([second.enabled, second.deployment?.revision]).toEqual([false, 2]);
  });

  it('keeps draft edits away from what is deployed until the next deploy, then switches all of them at once', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    const before = await deployInstance(deps, ctx, { id });
    const revisionId = before.deployment?.configRevisionId ?? '';
    const pairOf = async (revision: string) => {
      const config = await resolveConfig(deps, revision);
      return [
        config['Bucket'],
        (config['Warehouse'] as { fields: Record<string, string> }).fields['username'],
      ];
    };
    const edited = await updateInstance(deps, ctx, {
      id,
      configVariablePatch: [
        { key: 'Bucket', value: 'new-bucket' },
        { key: 'Warehouse', values: fields({ username: 'new-user' }) },
      ],
    });
    expect(edited.needsDeploy).toBe(true);
    expect(edited.deployment).toEqual(before.deployment);
    expect(await pairOf(revisionId)).toEqual(['old-bucket', 'old-user']);
    expect((await resolveConfig(deps, edited))['Bucket']).toBe('new-bucket');
    const after = await deployInstance(deps, ctx, { id });
    expect(after.deployment?.configRevisionId).not.toBe(revisionId);
    expect(await pairOf(after.deployment?.configRevisionId ?? '')).toEqual(['new-bucket', 'new-user']);
    expect(await pairOf(revisionId)).toEqual(['old-bucket', 'old-user']);
  });

  it('never shows a reader one half of a deploy, and loses no edit, while edits and deploys race', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    const setPair = (n: number) =>
      updateInstance(deps, ctx, {
        id,
        configVariablePatch: [
          { key: 'Bucket', value: `pair-${n}` },
          { key: 'Warehouse', values: fields({ username: `pair-${n}` }) },
        ],
      });
    await Promise.all([
      setPair(1),
      deployInstance(deps, ctx, { id }),
      setPair(2),
      deployInstance(deps, ctx, { id }),
      setPair(3),
    ]);
    const revisions = await deps.store.configRevisions.find({ instanceId: id }).sort({ revision: 1 }).lean();
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    for (const revision of revisions.slice(1)) {
      const config = await resolveConfig(deps, revision._id);
      const { fields: connection } = config['Warehouse'] as { fields: Record<string, string> };
      const isOld = config['Bucket'] === 'old-bucket' && connection['username'] === 'old-user';
      expect(isOld || config['Bucket'] === connection['username']).toBe(true);
      // The field that no edit named is still there.
      expect(connection['password']).toBe(secret);
    }
    const final = await deployInstance(deps, ctx, { id });
    const config = await resolveConfig(deps, final.deployment?.configRevisionId ?? '');
    expect(config['Bucket']).toBe(
      (config['Warehouse'] as { fields: Record<string, string> }).fields['username'],
    );
  });

  it('of two deploys at once keeps the later one: the older is told of a conflict', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    const wanted = { id, deployedBy: ctx.actor.userId, force: false };
    // As deploys do whose triggers are told in between.
    const store = () => inTransaction(deps, (session) => storeNextRevision(deps, wanted, session));
    const [older, later] = [await store(), await store()];
    const put = (next: typeof older) => inTransaction(deps, (session) => putInService(deps, next, session));
    await put(later);
    expect(await errorOf(put(older))).toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/Revision 3 .* revision 2 is not put into service/),
    });
    expect((await getInstance(deps, ctx, { id })).deployment?.configRevisionId).toBe(later.revision._id);
    expect((await put(later)).deployment?.revision).toBe(3);
  });

  it('keeps an instance on its version when another one is published, until its version is changed and deployed', async () => {
    const { deps, ctx } = services;
    const { id, integration, version } = await anInstance({ configVariables: COMPLETE });
    const webhookBefore = (await listFlowConfigs(deps, ctx, { instanceId: id })).map(
      (flow) => flow.webhookUrl,
    );
    await deployInstance(deps, ctx, { id });
    const next = definition(
      integration.name,
      [
        { name: 'Main', steps: body },
        { name: 'Second', steps: body },
      ],
      { requiredConfigVars: CONFIG_VARS },
    );
    await importIntegration(deps, ctx, { definition: next });
    const v2 = await publishIntegration(deps, ctx, { id: integration._id });
    expect(v2.versionNumber).toBe(2);
    const redeployed = await deployInstance(deps, ctx, { id });
    expect(redeployed.deployment?.versionId).toBe(version._id);
    const staged = await updateInstance(deps, ctx, { id, versionId: integration._id });
    expect([staged.versionId, staged.deployment?.versionId, staged.needsDeploy]).toEqual([
      v2._id,
      version._id,
      true,
    ]);
    const switched = await deployInstance(deps, ctx, { id });
    expect([switched.deployment?.versionId, switched.deployment?.planId]).toEqual([v2._id, v2.planId]);
    const flows = await listFlowConfigs(deps, ctx, { instanceId: id });
    expect(flows.map((flow) => flow.flow.name)).toEqual(['Main', 'Second']);
    expect(flows[0]?.webhookUrl).toBe(webhookBefore[0]);
    expect(flows.every((flow) => flow.isActive)).toBe(true);
  });

  it('refuses drafts and unavailable versions, but goes on deploying a version that already runs', async () => {
    const { deps, ctx } = services;
    const { id, integration, version, customer, text } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    await setVersionAvailability(deps, ctx, { id: version._id, isAvailable: false });
    const wanted = { name: 'Another', customerId: customer._id };
    for (const integrationId of [version._id, integration._id]) {
      const error = await errorOf(createInstance(deps, ctx, { ...wanted, integrationId }));
      expect([error.code, error.faults[0]?.field]).toEqual(['invalid_input', 'integration']);
    }
    const draft = await importIntegration(deps, ctx, {
      definition: text.replace(integration.name, 'Never published'),
    });
    const error = await errorOf(createInstance(deps, ctx, { ...wanted, integrationId: draft._id }));
    expect([error.code, error.faults[0]?.field]).toEqual(['invalid_input', 'integration']);
    expect(await deps.store.instances.countDocuments({ name: 'Another' })).toBe(0);
    expect((await deployInstance(deps, ctx, { id })).deployment?.revision).toBe(2);
  });

  it('wants an API key for a flow that requires one, and takes it for a flow that the chosen version will bring', async () => {
    const { deps, ctx } = services;
    const { id, integration } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    const guarded = { name: 'Guarded', steps: body, endpointSecurityType: 'customer_required' };
    const flows = [{ name: 'Main', steps: body }, guarded];
    const text = definition(integration.name, flows, { requiredConfigVars: CONFIG_VARS });
    await importIntegration(deps, ctx, { definition: text });
    await publishIntegration(deps, ctx, { id: integration._id });
    await updateInstance(deps, ctx, { id, versionId: integration._id });
    const error = await errorOf(deployInstance(deps, ctx, { id }));
    expect(error.faults.map(({ field }) => field)).toEqual(['flowConfigs.Guarded']);
    const coming = (await listFlowConfigs(deps, ctx, { instanceId: id })).find(
      ({ flowName }) => flowName === 'Guarded',
    );
    expect(coming?.isActive).toBe(false);
    await updateInstance(deps, ctx, {
      id,
      flowConfigs: [{ flowId: coming?.flowId ?? '', apiKeys: ['a-key'] }],
    });
    const deployed = await deployInstance(deps, ctx, { id });
    expect(deployed.deployment?.revision).toBe(2);
  });
});
