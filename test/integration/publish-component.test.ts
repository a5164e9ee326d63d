import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { bootstrapOrganization } from '../../src/services/organizations/bootstrap-organization';
import { type Data, graphqlClient } from '../support/graphql-client';
import { restCaller } from '../support/http';
import {
  bundleOf,
  definitionOf,
  packageOf,
  publish,
  publishPackage,
  put,
  sha1,
  type TestComponent,
  zipOf,
} from '../support/published-packages';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';

/** Publishing over the wire: GraphQL, then uploads to signed addresses, then what lists say. */
let system: System;
const LIMIT = 300_000;

beforeAll(async () => {
  system = await startSystem({ worker: false, env: { TENON_PACKAGE_MAX_BYTES: String(LIMIT) } });
});

afterAll(() => system?.stop());
afterEach(() => jest.restoreAllMocks());

interface Row {
  id: string;
  versionNumber: number;
  status: string;
  statusReason: string;
  signature: string;
  versionIsLatest: boolean;
  description: string;
}

async function versions(key: string, args = 'allVersions: true', token = system.accessToken): Promise<Row[]> {
  const { body } = await graphqlClient(system, token)(
    `query ($key: String) { components(key: $key, ${args}) { nodes {
      id versionNumber status statusReason signature versionIsLatest description } } }`,
    { key },
  );
  return (body.data as Data)['components']?.['nodes'] as unknown as Row[];
}

/** Publishes a package that must be refused, and answers the reason that its publisher can read. */
async function refusal(component: TestComponent, bytes: Buffer): Promise<string> {
  const { upload } = await publishPackage(system, component, bytes);
  const [row] = await versions(component.key);
  expect(row).toMatchObject({ status: 'REFUSED', signature: '', versionIsLatest: false });
  expect(row?.description).toContain(`REFUSED: ${row?.statusReason}`);
  expect(upload.status).toBeGreaterThanOrEqual(400);
  expect(JSON.parse(upload.body).detail).toContain(row?.statusReason);
  return row?.statusReason ?? '';
}

describe('a package that is in order', () => {
  test('makes its version ready, with the SHA-1 of its bytes as signature', async () => {
    const component = { key: 'fine', actions: ['one', 'two'] };
    const bytes = packageOf(component);
    const { upload, component: published } = await publishPackage(system, component, bytes);
    expect(upload).toMatchObject({ status: 200 });
    expect(published.versionNumber).toBe(1);
    const ready = { versionNumber: 1, status: 'READY', statusReason: '', versionIsLatest: true };
    expect(await versions('fine')).toEqual([expect.objectContaining({ ...ready, signature: sha1(bytes) })]);
  });

  test('is not usable before it arrived, and is listed as such', async () => {
    const { result } = await publish(system, definitionOf({ key: 'later' }));
    expect(await versions('later', 'first: 50')).toEqual([]);
    expect(await versions('later', 'versionNumber: 1')).toEqual([]);
    expect(await versions('later')).toEqual([
      expect.objectContaining({ status: 'PENDING', statusReason: 'Its package has not arrived yet.' }),
    ]);
    expect(await put(result?.packageUploadUrl ?? '', packageOf({ key: 'later' }))).toMatchObject({
      status: 200,
    });
    expect(await versions('later', 'versionNumber: 1')).toHaveLength(1);
  });

  test('of an older version that arrives late does not become the latest', async () => {
    const first = await publish(system, definitionOf({ key: 'overtaken' }));
    await publishPackage(system, { key: 'overtaken' });
    const late = zipOf({ 'index.js': bundleOf({ key: 'overtaken' }), 'late.txt': '' });
    expect(await put(first.result?.packageUploadUrl ?? '', late)).toMatchObject({ status: 200 });
    const rows = await versions('overtaken');
    expect(rows.map(({ versionNumber, versionIsLatest }) => [versionNumber, versionIsLatest])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  test('is not taken a second time by the same address', async () => {
    const { packageUploadUrl } = await publishPackage(system, { key: 'twice' });
    const again = await put(packageUploadUrl, packageOf({ key: 'twice', actions: ['other'] }));
    expect(again).toMatchObject({ status: 409, body: expect.stringContaining('arrived before') });
  });

  test('is not published twice under one key, and may be under another', async () => {
    const bytes = packageOf({ key: 'same' });
    await publishPackage(system, { key: 'same' }, bytes);
    expect(await refusal({ key: 'same' }, bytes)).toBe('Version 1 has the same package.');
    expect(await versions('same', 'first: 50')).toEqual([
      expect.objectContaining({ versionNumber: 1, signature: sha1(bytes) }),
    ]);
    expect((await publishPackage(system, { key: 'same-testing' }, bytes)).upload.status).toBe(200);
  });
});

describe('a package that is not in order is refused, with the reason where its publisher looks', () => {
  const key = 'bad';
  const broken = 'throw new Error("cannot start: no such thing");';

  test.each([
    ['that is no zip', Buffer.from('hello'), /no readable zip file/],
    ['without index.js', zipOf({ 'main.js': bundleOf({ key }) }), /no index\.js at its root/],
    ['whose code throws', packageOf({ key, prelude: broken }), /cannot start: no such thing/],
    ['whose code ends the process', packageOf({ key, prelude: 'process.exit(7);' }), /could not be loaded/],
    ['whose code exports nothing', zipOf({ 'index.js': '' }), /exports nothing as "default"/],
    [
      'with other actions',
      packageOf({ key, actions: ['x'] }),
      /lacks the published action "run".*unpublished action "x"/,
    ],
  ])('%s', async (_, bytes, reason) => {
    expect(await refusal({ key }, bytes)).toMatch(reason);
  });

  test('that says it is code-native and brings no definition', async () => {
    const { result } = await publish(system, definitionOf({ key: 'no-yaml', yaml: '' }));
    expect((await put(result?.packageUploadUrl ?? '', packageOf({ key: 'no-yaml' }))).body).toContain(
      'its code brings no definition',
    );
    const asked = 'versionNumber: 1, includeComponentsForCodeNativeIntegrations: true';
    expect(await versions('no-yaml', asked)).toEqual([expect.objectContaining({ status: 'REFUSED' })]);
  });

  test('that is larger than allowed, by its announced length and while it streams', async () => {
    const large = Buffer.alloc(LIMIT + 1);
    expect(await refusal({ key: 'large' }, large)).toMatch(/too large/);
    const { result } = await publish(system, definitionOf({ key: 'streamed' }));
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 10; at += 1) controller.enqueue(new Uint8Array(LIMIT / 5));
        controller.close();
      },
    });
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect((await fetch(result?.packageUploadUrl ?? '', init)).status).toBe(400);
    expect((await versions('streamed'))[0]?.statusReason).toMatch(/too large/);
  });

  test('and the next version is counted on and can be used', async () => {
    const { component, upload } = await publishPackage(system, { key });
    expect([component.versionNumber, upload.status]).toEqual([7, 200]);
    expect(await versions(key, 'first: 50')).toEqual([expect.objectContaining({ versionNumber: 7 })]);
  });
});

describe('an address for uploads', () => {
  test('that was changed, is of another kind or has expired is refused', async () => {
    const { result } = await publish(system, definitionOf({ key: 'addressed' }));
    const url = result?.packageUploadUrl ?? '';
    const [, text = '', signature = ''] = /uploads\/([^.]+)\.(.+)$/.exec(url) ?? [];
    const claims = Buffer.from(text, 'base64url').toString().replace('package', 'source');
    const changed = url.replace(text, Buffer.from(claims).toString('base64url'));
    const bytes = packageOf({ key: 'addressed' });
    expect((await put(changed, bytes)).status).toBe(401);
    expect((await put(url.replace(signature, 'AAAA'), bytes)).status).toBe(401);
    expect((await put(`${system.apiUrl}/uploads/x`, bytes)).status).toBe(401);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 901_000);
    expect((await put(url, bytes)).status).toBe(401);
    expect((await versions('addressed'))[0]?.statusReason).toBe('Its package never arrived.');
  });

  test('takes source code, and an icon that is then served', async () => {
    const { result } = await publish(system, definitionOf({ key: 'pictured' }));
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    expect((await put(result?.iconUploadUrl ?? '', png)).status).toBe(204);
    expect((await put(result?.sourceUploadUrl ?? '', zipOf({ 'a.ts': '' }))).status).toBe(204);
    expect((await put(result?.iconUploadUrl ?? '', Buffer.from('<svg onload=x>'))).status).toBe(400);
    expect((await put(result?.iconUploadUrl ?? '', Buffer.alloc(3_000_000))).status).toBe(413);
    const ask = graphqlClient(system, system.accessToken);
    const { body } = await ask('{ components(key: "pictured", allVersions: true) { nodes { iconUrl } } }');
    const served = await fetch((body.data as Data)['components']?.['nodes']?.[0]?.['iconUrl'] as never);
    expect(served.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png);
  });
});

test('sources and icons that are sent again take the place of those before', async () => {
  const { result } = await publish(system, definitionOf({ key: 'resent' }));
  const blobs = system.deps.store.connection.db?.collection('blobs.files');
  const before = (await blobs?.countDocuments()) ?? 0;
  const png = (last: string) => Buffer.from(`89504e470d0a1a0a00${last}`, 'hex');
  for (const last of ['00', '01', '02', '02']) {
    expect((await put(result?.iconUploadUrl ?? '', png(last))).status).toBe(204);
    expect((await put(result?.sourceUploadUrl ?? '', zipOf({ 'a.ts': last }))).status).toBe(204);
  }
  expect(await blobs?.countDocuments()).toBe(before + 2);
  const version = await system.deps.store.componentVersions.findOne({ key: 'resent' }).lean();
  expect(await system.deps.store.blobs.get(version?.sourceBlobId ?? '')).toEqual(zipOf({ 'a.ts': '02' }));
  const media = await system.deps.store.media.findOne({ componentVersionId: version?._id ?? '' }).lean();
  expect(await system.deps.store.blobs.get(media?.blobId ?? '')).toEqual(png('02'));
});

describe('what is said of a component', () => {
  test('is refused with every fault at once', async () => {
    const { definition } = definitionOf({ key: 'wrong' });
    const { result, errors } = await publish(system, {
      definition: { ...definition, display: { label: 7 } },
      actions: [
        { key: 'a', display: {} },
        { key: 'b', display: { label: 'B' }, inputs: 'none' },
      ],
    });
    expect(result).toBeNull();
    expect(errors[0]?.messages[0]).toMatch(/display\.label.*actions\.a\.display\.label.*actions\.b\.inputs/s);
    const twice = await publish(system, { definition, actions: [{ key: 'a' }, { key: 'a' }] });
    expect(twice.errors).toEqual([
      { field: 'actions', messages: [expect.stringContaining('more than once: a')] },
    ]);
    expect((await publish(system, { definition: { display: {} } })).errors[0]?.field).toBe('definition.key');
  });

  test('is kept whole, with fields that nobody knows yet', async () => {
    const { definition, actions } = definitionOf({ key: 'futuristic' });
    const input = {
      definition: { ...definition, novel: { deep: [1] } },
      actions: [{ ...actions[0], aura: 'blue' }],
    };
    expect((await publish(system, input)).errors).toEqual([]);
    const { deps } = system;
    const stored = await deps.store.componentVersions.findOne({ key: 'futuristic' }).lean();
    const kept = JSON.parse((await deps.store.blobs.get(stored?.definitionBlobId ?? '')).toString()) as Data;
    expect(kept).toMatchObject({ definition: { novel: { deep: [1] } }, actions: [{ aura: 'blue' }] });
  });
});

describe('whose a component is', () => {
  test('a public one is its organization’s alone, and cannot take the key of a built-in', async () => {
    const { owner } = await bootstrapOrganization(system.deps, {
      organizationName: 'Other',
      ownerEmail: 'owner@other.test',
      ownerName: 'Otto',
    });
    const other = await issueAccessToken(system.deps, owner);
    await publishPackage(system, { key: 'shown', isPublic: true });
    expect(await versions('shown', 'public: true')).toHaveLength(1);
    expect(await versions('shown', 'public: true', other)).toEqual([]);
    const { errors } = await publish(system, definitionOf({ key: 'http', isPublic: true }));
    expect(errors[0]?.messages[0]).toMatch(/"http" ships with Tenon.*"public: false"/);
    expect((await publishPackage(system, { key: 'http' })).upload.status).toBe(200);
  });

  test('one of a customer is seen by that customer’s users, and its key stays with the customer', async () => {
    const { deps, ctx } = system;
    const rest = restCaller(system.apiUrl, system.accessToken);
    const mine = (await rest<{ id: string }>('POST', '/customers', { name: 'Mine' })).body.id;
    const theirs = (await rest<{ id: string }>('POST', '/customers', { name: 'Theirs' })).body.id;
    const tokenOf = async (customerId: string) =>
      issueAccessToken(
        deps,
        await aUser(deps, ctx.actor.organizationId, { role: 'customer_admin', customerId }),
      );
    const { result } = await publish(system, { ...definitionOf({ key: 'own' }), customer: mine });
    await put(result?.packageUploadUrl ?? '', packageOf({ key: 'own' }));
    expect(await versions('own', 'first: 5', await tokenOf(mine))).toHaveLength(1);
    expect(await versions('own', 'first: 5', await tokenOf(theirs))).toEqual([]);
    const taken = await publish(system, { ...definitionOf({ key: 'own' }), customer: theirs });
    expect(taken.errors).toEqual([{ field: 'customer', messages: [expect.stringContaining('belongs to')] }]);
    const server = { apiUrl: system.apiUrl, accessToken: await tokenOf(mine) };
    const refused = await publish(server, definitionOf({ key: 'own' }));
    expect(refused.errors[0]?.messages[0]).toMatch(/customer_admin/);
  });
});

describe('the REST door', () => {
  test('lists, shows and deletes versions with their status; the one before becomes the latest', async () => {
    const rest = restCaller(system.apiUrl, system.accessToken);
    await publishPackage(system, { key: 'rested' });
    await publishPackage(system, { key: 'rested', actions: ['a', 'b'] });
    await publishPackage(system, { key: 'rested' }, Buffer.from('rubbish'));
    type Listed = { items: { id: string; versionNumber: number; status: string; isLatest: boolean }[] };
    const all = await rest<Listed>('GET', '/components?key=rested&allVersions=true');
    expect(all.body.items.map(({ status, isLatest }) => [status, isLatest])).toEqual([
      ['refused', false],
      ['ready', true],
      ['ready', false],
    ]);
    const [refused, latest, first] = all.body.items;
    expect((await rest('GET', `/components/${refused?.id}`)).body).toMatchObject({
      statusReason: expect.stringContaining('no readable zip'),
    });
    expect((await rest('DELETE', `/components/${latest?.id}`)).status).toBe(204);
    const left = await rest<Listed>('GET', '/components?key=rested');
    expect(left.body.items).toEqual([expect.objectContaining({ id: first?.id, isLatest: true })]);
    expect((await publishPackage(system, { key: 'rested', actions: ['c'] })).component.versionNumber).toBe(4);
    const builtin = (await rest<Listed>('GET', '/components?key=http&isPublic=true')).body.items[0];
    expect((await rest('DELETE', `/components/${builtin?.id}`)).status).toBe(409);
  });
});
