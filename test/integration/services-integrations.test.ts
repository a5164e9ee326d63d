import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { flowIdOf } from '../../src/services/ids';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { listInstances } from '../../src/services/instances/list-instances';
import { deleteIntegration } from '../../src/services/integrations/delete-integration';
import { exportIntegration } from '../../src/services/integrations/export-integration';
import { getIntegration } from '../../src/services/integrations/get-integration';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { listFlows } from '../../src/services/integrations/list-flows';
import { listIntegrations } from '../../src/services/integrations/list-integrations';
import { listVersions } from '../../src/services/integrations/list-versions';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { setVersionAvailability } from '../../src/services/integrations/set-version-availability';
import { updateIntegration } from '../../src/services/integrations/update-integration';
import { validateDefinition } from '../../src/services/integrations/validate-definition';
import { loadPlan, storePlan } from '../../src/services/plans/load-plan';
import { planText } from '../../src/services/plans/plan-text';
import { code, definition, scheduled, step } from '../support/definition-builder';
import { errorOf, type Services, startServices } from '../support/services';

const body = [code('Answer', 'module.exports = async () => ({ data: 1 });')];
const aName = () => `Integration ${randomUUID()}`;
const faulty = (name: string) =>
  definition(name, [{ name: 'Main', steps: [step('One', 'nowhere.run'), step('Two', 'http.fly'), ...body] }]);

describe('integrations', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  const imported = (
    name: string,
    flows: { name: string; steps: unknown[] }[] = [{ name: 'Main', steps: body }],
  ) => importIntegration(services.deps, services.ctx, { definition: definition(name, flows) });
  const countAll = async () => {
    const { integrations, integrationVersions, instances, flowConfigs, plans } = services.deps.store;
    return Promise.all(
      [integrations, integrationVersions, instances, flowConfigs, plans].map((model) =>
        (model as typeof plans).countDocuments(),
      ),
    );
  };

  it('an import with faults names all of them with their places and stores nothing', async () => {
    const { deps, ctx } = services;
    const before = await countAll();
    const name = aName();
    const error = await errorOf(importIntegration(deps, ctx, { definition: faulty(name) }));
    expect(error.code).toBe('invalid_definition');
    expect(error.faults).toHaveLength(2);
    expect(error.faults[0]?.field).toMatch(/^line \d+, column \d+$/);
    expect(error.faults.map(({ messages }) => messages.join())).toEqual([
      expect.stringMatching(/"One".*nowhere/),
      expect.stringMatching(/"Two".*fly/),
    ]);
    expect(await countAll()).toEqual(before);
    const checked = await validateDefinition(deps, ctx, { definition: faulty(name) });
    expect([checked.isValid, checked.faults.length]).toEqual([false, 2]);
    expect(
      await validateDefinition(deps, ctx, { definition: definition(name, [{ name: 'F', steps: body }]) }),
    ).toEqual({
      isValid: true,
      faults: [],
    });
  });

  it('publishing a draft that has become faulty stores nothing: no version, no number, no plan', async () => {
    const { deps, ctx } = services;
    const integration = await imported(aName());
    // As a draft is whose component was withdrawn after the import.
    await deps.store.integrations.updateOne(
      { _id: integration._id },
      { $set: { definition: faulty(integration.name) } },
    );
    const before = await countAll();
    const error = await errorOf(publishIntegration(deps, ctx, { id: integration._id }));
    expect([error.code, error.faults.length]).toEqual(['invalid_definition', 2]);
    expect(await countAll()).toEqual(before);
    expect((await getIntegration(deps, ctx, { id: integration._id })).versionNumber).toBe(0);
  });

  it('importing the same name changes the draft, keeps its ids and leaves published versions as they are', async () => {
    const { deps, ctx } = services;
    const name = aName();
    const first = await imported(name);
    const v1 = await publishIntegration(deps, ctx, { id: first._id, comment: 'first' });
    const [flow] = await listFlows(deps, ctx, { id: first._id });
    const second = await imported(name, [
      { name: 'Main', steps: [...body, code('Again', 'module.exports = async () => ({ data: 2 });')] },
      { name: 'More', steps: body },
    ]);
    expect(second._id).toBe(first._id);
    expect((await listFlows(deps, ctx, { id: second._id })).map(({ id }) => id)).toEqual([
      flow?.id,
      flowIdOf(first._id, 'More'),
    ]);
    expect((await listFlows(deps, ctx, { id: v1._id })).map((one) => one.name)).toEqual(['Main']);
    expect((await getIntegration(deps, ctx, { id: v1._id })).definition).toBe(v1.definition);
    expect((await loadPlan(deps, v1.planId)).flows.map((one) => one.name)).toEqual(['Main']);
  });

  it('makes one integration and one test instance of it, also when the same import comes twice at once', async () => {
    const { deps, ctx } = services;
    const name = aName();
    const made = await Promise.all([imported(name), imported(name), imported(name)]);
    expect(new Set(made.map(({ _id }) => _id)).size).toBe(1);
    const integrationId = made[0]?._id ?? '';
    const { nodes } = await listInstances(deps, ctx, { integrationId, isSystem: true });
    expect(nodes.map((instance) => [instance.name, instance.versionId])).toEqual([[name, null]]);
    expect((await listInstances(deps, ctx, { integrationId })).nodes).toEqual([]);
    const [flow] = await listFlowConfigs(deps, ctx, { instanceId: nodes[0]?._id ?? '' });
    expect(flow?.webhookUrl).toBe(`http://127.0.0.1:3000/trigger/${flow?._id}`);
  });

  it('numbers versions without gaps, also when they are published at once, each with its components pinned', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await imported(aName());
    await Promise.all([1, 2, 3].map((n) => publishIntegration(deps, ctx, { id, comment: `c${n}` })));
    const versions = await listVersions(deps, ctx, { integrationId: id, newestFirst: true });
    expect(versions.map(({ versionNumber }) => versionNumber)).toEqual([3, 2, 1]);
    expect(versions[0]).toMatchObject({ createdBy: services.owner._id, isAvailable: true });
    const plan = await loadPlan(deps, versions[0]?.planId ?? '');
    const stored = await deps.store.componentVersions.findOne({ key: 'code', isLatest: true }).lean();
    expect(plan.components.find(({ key }) => key === 'code')).toEqual({
      key: 'code',
      isPublic: true,
      version: stored?.versionNumber,
      signature: stored?.signature,
    });
    // Equal content is stored once.
    expect(new Set(versions.map(({ planId }) => planId)).size).toBe(1);
    expect(await storePlan(deps, planText(plan))).toBe(versions[0]?.planId);
    await setVersionAvailability(deps, ctx, { id: versions[0]?._id ?? '', isAvailable: false });
    const available = await listVersions(deps, ctx, {
      integrationId: id,
      isAvailable: true,
      newestFirst: true,
      first: 1,
    });
    expect(available.map(({ versionNumber }) => versionNumber)).toEqual([2]);
  });

  it('a version holds one draft, whole, though the draft is changed while it is published', async () => {
    const { deps, ctx } = services;
    const name = aName();
    const { _id: id } = await imported(name);
    for (let round = 0; round < 5; round += 1) {
      const change = imported(name, [{ name: `Flow ${round}`, steps: body }]);
      const [version] = await Promise.all([publishIntegration(deps, ctx, { id }), change]);
      const [flow] = (await loadPlan(deps, version.planId)).flows;
      expect(version.definition).toContain(`name: ${flow?.name}\n`);
    }
  });

  it('refuses attributes that are no JSON text and publishes nothing', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await imported(aName());
    const error = await errorOf(publishIntegration(deps, ctx, { id, attributes: '{' }));
    expect([error.code, error.faults[0]?.field]).toEqual(['invalid_input', 'attributes']);
    expect(await listVersions(deps, ctx, { integrationId: id })).toEqual([]);
  });

  it('a new name reaches the definition, so that an export imports into the same integration again', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await imported(aName());
    const name = `Renamed: ${randomUUID()} # no comment`;
    await updateIntegration(deps, ctx, { id, name, description: 'Two\nlines' });
    const text = await exportIntegration(deps, ctx, { id });
    expect((await importIntegration(deps, ctx, { definition: text }))._id).toBe(id);
    expect(await getIntegration(deps, ctx, { id })).toMatchObject({ name, description: 'Two\nlines' });
    expect((await listInstances(deps, ctx, { integrationId: id, isSystem: true })).nodes[0]?.name).toBe(name);
    const other = await imported(aName());
    const error = await errorOf(updateIntegration(deps, ctx, { id: other._id, name }));
    expect([error.code, error.faults[0]?.field]).toEqual(['conflict', 'name']);
    const byImport = importIntegration(deps, ctx, { definition: text, integrationId: other._id });
    expect((await errorOf(byImport)).code).toBe('conflict');
  });

  it('lists drafts, or drafts with all their versions, newest first, page by page', async () => {
    const { deps, ctx } = services;
    const mark = randomUUID();
    const [a] = [await imported(`A ${mark}`), await imported(`B ${mark}`)];
    for (const _ of [1, 2]) await publishIntegration(deps, ctx, { id: a._id });
    const drafts = await listIntegrations(deps, ctx, { search: mark });
    expect(drafts.nodes.map(({ name, kind, versionNumber }) => [name[0], kind, versionNumber])).toEqual([
      ['A', 'draft', 2],
      ['B', 'draft', 0],
    ]);
    const rows: unknown[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Awaited<ReturnType<typeof listIntegrations>> = await listIntegrations(deps, ctx, {
        search: mark,
        allVersions: true,
        first: 1,
        after,
      });
      rows.push(...page.nodes.map(({ name, kind, versionNumber }) => [name[0], kind, versionNumber]));
      expect(await page.totalCount?.()).toBe(4);
      after = page.hasNextPage ? page.endCursor : null;
    }
    expect(rows).toEqual([
      ['A', 'draft', 2],
      ['A', 'version', 2],
      ['A', 'version', 1],
      ['B', 'draft', 0],
    ]);
  });

  it('tells of each flow what its trigger is', async () => {
    const { deps, ctx } = services;
    const text = definition(aName(), [
      { name: 'Hook', steps: body },
      { name: 'Nightly', trigger: scheduled('0 2 * * *'), steps: body },
    ]);
    const { _id: id } = await importIntegration(deps, ctx, { definition: text });
    expect(await listFlows(deps, ctx, { id })).toMatchObject([
      {
        name: 'Hook',
        triggerComponentKey: 'webhook-triggers',
        triggerActionKey: 'webhook',
        scheduleSupport: 'invalid',
      },
      {
        name: 'Nightly',
        triggerComponentKey: 'schedule-triggers',
        triggerActionKey: 'schedule',
        scheduleSupport: 'required',
      },
    ]);
  });

  it('is not deleted while instances exist, which are named; afterwards nothing of it is left', async () => {
    const { deps, ctx } = services;
    const { _id: id } = await imported(aName(), [
      { name: 'Unlike', steps: [code(randomUUID(), 'module.exports = async () => ({});')] },
    ]);
    const version = await publishIntegration(deps, ctx, { id });
    const customer = await createCustomer(deps, ctx, { name: `Customer ${id}` });
    const wanted = { name: 'Still needed', integrationId: id, customerId: customer._id };
    const instance = await createInstance(deps, ctx, wanted);
    const error = await errorOf(deleteIntegration(deps, ctx, { id }));
    expect(error.code).toBe('invalid_state');
    expect(error.message).toContain('"Still needed"');
    expect((await listVersions(deps, ctx, { integrationId: id })).length).toBe(1);
    await deleteInstance(deps, ctx, { id: instance._id });
    await deleteIntegration(deps, ctx, { id });
    const { integrations, integrationVersions, instances, flowConfigs, plans } = deps.store;
    const left = [
      await integrations.countDocuments({ _id: id }),
      await integrationVersions.countDocuments({ integrationId: id }),
      await instances.countDocuments({ integrationId: id }),
      await flowConfigs.countDocuments({ integrationId: id }),
      await plans.countDocuments({ _id: version.planId }),
    ];
    expect(left).toEqual([0, 0, 0, 0, 0]);
  });

  it('deleting one integration leaves the plan that another one’s version has too', async () => {
    const { deps, ctx } = services;
    const name = aName();
    const first = await imported(name);
    const version = await publishIntegration(deps, ctx, { id: first._id });
    const other = await imported(aName());
    const twin = await publishIntegration(deps, ctx, { id: other._id });
    // Plans hold the name, so that two integrations share one only by way of a rename.
    await deps.store.integrationVersions.updateOne({ _id: twin._id }, { $set: { planId: version.planId } });
    await deleteIntegration(deps, ctx, { id: first._id });
    expect(await deps.store.plans.countDocuments({ _id: version.planId })).toBe(1);
  });
});
