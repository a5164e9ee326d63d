import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { updateInstance } from '../../src/services/instances/update-instance';
import { exportIntegration } from '../../src/services/integrations/export-integration';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { listFlows } from '../../src/services/integrations/list-flows';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { type Services, startServices } from '../support/services';

const FOLDER = join(__dirname, '../../definitions');
const SHIPPED = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
const STEP = `{name: Hook, isTrigger: true, action: {key: webhook, component: {key: webhook-triggers, isPublic: true}}}`;

describe('definitions', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  const imported = (definition: string) => importIntegration(services.deps, services.ctx, { definition });
  const exported = (id: string) => exportIntegration(services.deps, services.ctx, { id });

  test('export, import and export again give the same bytes, of drafts and of published versions', async () => {
    expect(SHIPPED.length).toBeGreaterThan(0);
    for (const file of SHIPPED) {
      const first = await imported(readFileSync(join(FOLDER, file), 'utf8'));
      const text = await exported(first._id);
      const again = await imported(text);
      expect(again._id).toBe(first._id);
      expect(await exported(again._id)).toBe(text);
      const version = await publishIntegration(services.deps, services.ctx, { id: again._id });
      expect(await exported(version._id)).toBe(text);
    }
  });

  test('keeps keys that nobody here knows, at every level and in their order', async () => {
    const text = `name: ${randomUUID()}
futureTop: {b: 1, a: [true, null, 1.5]}
definitionVersion: 7
flows:
  - futureFlow: x
    name: Main
    steps:
      - ${STEP.replace('{name', '{futureStep: {deep: [1]}, name').replace('isPublic: true', 'isPublic: true, futureComponent: y')}
requiredConfigVars: [{futureVar: 9, key: A, dataType: string}]
configPages: [{name: P, futurePage: z, elements: []}]
`;
    const integration = await imported(text);
    const out = await exported(integration._id);
    expect(JSON.stringify(parse(out))).toBe(JSON.stringify(parse(text)));
    expect(await exported((await imported(out))._id)).toBe(out);
  });

  test('a renamed flow keeps its id and address, a renamed config variable its values', async () => {
    const { deps, ctx } = services;
    const name = randomUUID();
    const text = (flow: string, key: string, more = '') =>
      `definitionVersion: 7\nname: ${name}\n${more}requiredConfigVars: [{key: ${key}, dataType: string}]\nflows: [{name: ${flow}, steps: [${STEP}]}]\n`;
    const first = await imported(text('Old', 'Before'));
    const [flow] = await listFlows(deps, ctx, { id: first._id });
    const v1 = await publishIntegration(deps, ctx, { id: first._id });
    const customer = await createCustomer(deps, ctx, { name: randomUUID() });
    const instance = await createInstance(deps, ctx, {
      name: 'Shop',
      customerId: customer._id,
      integrationId: v1._id,
      configVariables: [{ key: 'Before', value: 'kept' }],
    });
    const renames =
      'renameAttributes: {flows: [{oldName: Old, newName: New}], requiredConfigVars: [{oldName: Before, newName: After}]}\n';
    await imported(text('New', 'After', renames));
    // The hint is not needed any more.
    await imported(text('New', 'After'));
    const [renamed] = await listFlows(deps, ctx, { id: first._id });
    expect(renamed).toMatchObject({ id: flow?.id, name: 'New' });
    const v2 = await publishIntegration(deps, ctx, { id: first._id });
    await updateInstance(deps, ctx, { id: instance._id, versionId: v2._id });
    const variables = await listConfigVariables(deps, ctx, { instanceId: instance._id });
    expect(JSON.stringify(variables)).toContain('"kept"');
    expect(JSON.stringify(variables)).toContain('"After"');
  });

  test('an import tells what is doubtful', async () => {
    const { warnings } = await imported(
      `definitionVersion: 7\nname: ${randomUUID()}\nflows: [{name: F, steps: [${STEP}, {name: L, action: {key: writeLog, component: {key: log, isPublic: true, version: 1}}, inputs: {message: {type: reference, value: trigger.results.body}}}]}]\n`,
    );
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown_reference']));
    expect(warnings.find(({ code }) => code === 'unknown_reference')?.hint).toContain('"hook"');
  });
});
