import { componentLookup } from '../../src/services/components/component-lookup';
import { deleteComponent } from '../../src/services/components/delete-component';
import { readPackage } from '../../src/services/components/package-store';
import { publishComponent } from '../../src/services/components/publish-component';
import { receivePackage } from '../../src/services/components/receive-package';
import { createCustomer } from '../../src/services/customers/create-customer';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import type { ComponentVersion } from '../../src/store/models/component-version.model';
import { definition, step } from '../support/definition-builder';
import { definitionOf, packageOf, sha1, type TestComponent } from '../support/published-packages';
import { errorOf, type Services, startServices } from '../support/services';

/** What happens to versions of a component over time. */
let services: Services;

beforeAll(async () => {
  services = await startServices();
});

afterAll(() => services?.stop());

interface Wanted extends TestComponent {
  customerId?: string;
  bytes?: Buffer;
}

/** Publishes a version and sends its package. */
async function aVersion({ customerId, bytes, ...component }: Wanted): Promise<ComponentVersion> {
  const { deps, ctx } = services;
  const published = { ...definitionOf(component), ...(customerId !== undefined && { customerId }) };
  const { _id } = await publishComponent(deps, ctx, published);
  return receivePackage(deps, _id, [bytes ?? packageOf(component)]);
}

/** A definition whose one step is an action of a private component. */
const using = (name: string, key: string, version: number | 'LATEST' = 'LATEST') =>
  definition(name, [
    {
      name: 'Main',
      steps: [
        { ...step('Run', 'x.run'), action: { key: 'run', component: { key, isPublic: false, version } } },
      ],
    },
  ]);

const keyOfImport = (at: number) => `0000000${at}-0000-4000-8000-000000000000`;

test('versions published at once get numbers of their own, and one of them is the latest', async () => {
  const { deps } = services;
  const made = await Promise.all(
    ['a', 'b', 'c', 'd'].map((action) => aVersion({ key: 'busy', actions: ['run', action] })),
  );
  expect(new Set(made.map(({ versionNumber }) => versionNumber))).toEqual(new Set([1, 2, 3, 4]));
  const latest = await deps.store.componentVersions.find({ key: 'busy', isLatest: true }).lean();
  expect(latest.map(({ versionNumber }) => versionNumber)).toEqual([4]);
});

test('of the same package sent for two versions at once, one is accepted', async () => {
  const bytes = packageOf({ key: 'equal' });
  const made = await Promise.all([1, 2].map(() => aVersion({ key: 'equal', bytes })));
  expect(made.map(({ status }) => status).sort()).toEqual(['ready', 'refused']);
});

describe('a definition finds', () => {
  const ref = (key: string, version?: number) => ({ key, isPublic: false, ...(version && { version }) });
  const look = async (customerId: string | null = null) =>
    componentLookup(services.deps, services.ctx.actor.organizationId, {
      keys: ['looked', 'tailored'],
      customerId,
    });

  test('the newest version that is ready, and learns why another cannot be used', async () => {
    await aVersion({ key: 'looked' });
    await aVersion({ key: 'looked', bytes: Buffer.from('rubbish') });
    await publishComponent(services.deps, services.ctx, definitionOf({ key: 'looked' }));
    const lookup = await look();
    expect(lookup(ref('looked'))).toMatchObject({
      pin: { version: 1, signature: sha1(packageOf({ key: 'looked' })) },
    });
    expect(lookup(ref('looked', 2))).toMatchObject({
      missing: 'version',
      newest: 1,
      reason: expect.stringContaining('Version 2 was refused'),
    });
    expect(lookup(ref('looked', 3))).toMatchObject({
      reason: 'Version 3 is not ready: Its package has not arrived yet.',
    });
    expect(lookup(ref('looked', 9))).toEqual({ missing: 'version', newest: 1 });
  });

  test('a customer’s component only for that customer', async () => {
    const { deps, ctx } = services;
    const { _id: customerId } = await createCustomer(deps, ctx, { name: 'Owner of a component' });
    await aVersion({ key: 'tailored', customerId });
    expect((await look(customerId))(ref('tailored'))).toMatchObject({ pin: { version: 1 } });
    expect((await look())(ref('tailored'))).toEqual({
      missing: 'component',
      reason: 'It belongs to another customer.',
    });
  });
});

describe('deleting a version', () => {
  test('is refused while a published integration runs it, unless forced', async () => {
    const { deps, ctx } = services;
    const used = await aVersion({ key: 'needed' });
    const { _id: id } = await importIntegration(deps, ctx, { definition: using('User', 'needed') });
    await deleteComponent(deps, ctx, { id: (await aVersion({ key: 'needed', actions: ['run', 'b'] }))._id });
    await publishIntegration(deps, ctx, { id });
    expect(await errorOf(deleteComponent(deps, ctx, { id: used._id }))).toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining('"User" (version 1)'),
    });
    expect(await readPackage(deps, used.signature)).toEqual(packageOf({ key: 'needed' }));
    await deleteComponent(deps, ctx, { id: used._id, force: true });
    expect(await errorOf(readPackage(deps, used.signature))).toMatchObject({ code: 'not_found' });
  });

  test('leaves nothing of it in the store', async () => {
    const { deps, ctx } = services;
    const blobs = deps.store.connection.db?.collection('blobs.files');
    const before = await blobs?.countDocuments();
    const { _id: id } = await aVersion({ key: 'fleeting' });
    await aVersion({ key: 'fleeting-too', bytes: Buffer.from('rubbish') });
    expect(await blobs?.countDocuments()).toBe((before ?? 0) + 3);
    await deleteComponent(deps, ctx, { id });
    expect(await blobs?.countDocuments()).toBe((before ?? 0) + 1);
  });
});

test('code-native bundles that nothing refers to go with a later import, the others stay', async () => {
  const { deps, ctx } = services;
  const aBundle = (at: number) => aVersion({ key: keyOfImport(at), yaml: 'name: x' });
  for (let at = 1; at <= 4; at += 1) await aBundle(at);
  const drafted = await importIntegration(deps, ctx, { definition: using('Drafted', keyOfImport(1)) });
  const published = await importIntegration(deps, ctx, { definition: using('Published', keyOfImport(2)) });
  await publishIntegration(deps, ctx, { id: published._id });
  await importIntegration(deps, ctx, { definition: using('Published', keyOfImport(1)) });
  expect(drafted._id).not.toBe(published._id);
  const old = new Date(Date.now() - 2 * 3_600_000);
  const aged = [1, 2, 3].map(keyOfImport);
  await deps.store.componentVersions.updateMany({ key: { $in: aged } }, { $set: { createdAt: old } });
  await aBundle(5);
  const left = await deps.store.componentVersions.find({ isCodeNative: true }).sort({ key: 1 }).lean();
  expect(left.map(({ key }) => key)).toEqual([1, 2, 4, 5].map(keyOfImport));
});

test('an import looks at few earlier bundles, and the next one at the others', async () => {
  const { deps, ctx } = services;
  const { componentVersions } = deps.store;
  await componentVersions.deleteMany({ isCodeNative: true });
  const template = await aVersion({ key: 'many', yaml: 'name: x' });
  const old = new Date(Date.now() - 2 * 3_600_000);
  const keys = Array.from({ length: 45 }, (_, at) => `kept-bundle-${at}`);
  await componentVersions.insertMany(
    keys.map((key) => ({ ...template, _id: key, key, signature: key, createdAt: old })),
  );
  const users = keys.map((key) => `name: x\n# ${key} \n`);
  const draft = await importIntegration(deps, ctx, { definition: using('Many', 'many') });
  const stored = await deps.store.integrations.findById(draft._id).lean();
  // All of them but the last five are referred to.
  const text = `${stored?.definition ?? ''}\n# ${users.slice(0, 40).join('')}`;
  await deps.store.integrations.updateOne({ _id: draft._id }, { $set: { definition: text } });
  const lookedAt = () => componentVersions.countDocuments({ key: /^kept-/, lookedAt: { $ne: null } });
  const publishOne = (at: number) =>
    publishComponent(deps, ctx, definitionOf({ key: keyOfImport(at), yaml: 'name: x' }));
  await publishOne(6);
  expect(await lookedAt()).toBe(20);
  await publishOne(7);
  expect(await lookedAt()).toBe(40);
  await publishOne(8);
  const left = await componentVersions.countDocuments({ key: /^kept-/ });
  // `kept-bundle-4` is in the text of `kept-bundle-40` only; each key stands for itself.
  expect(left).toBe(40);
});
