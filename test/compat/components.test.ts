import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definition, step } from '../support/definition-builder';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { createPrism, type Prism } from '../support/prism';
import { generateProject, type SdkProject } from '../support/sdk-project';
import { type System, startSystem } from '../support/system';

/**
 * A component made by the SDK's own generator, built by its own script and published by the unmodified command
 * line. The tests build on each other, in the order in which a person would type the commands.
 */
let system: System;
let prism: Prism;
let project: SdkProject;
let acme: EchoServer;

jest.setTimeout(120_000);

beforeAll(async () => {
  system = await startSystem({ env: { TENON_ALLOW_ADDRESSES: 'loopback' } });
  acme = await startEchoServer();
  prism = await createPrism(system);
  project = await generateProject(prism, 'components', 'stock-room');
  await project.build();
}, 240_000);

afterAll(async () => {
  await acme?.close();
  await prism?.close();
  await system?.stop();
});

type Row = Record<string, string>;

async function rows(...args: string[]): Promise<Row[]> {
  return JSON.parse(await prism.ok(...args, '--extended', '--output', 'json')) as Row[];
}

const publishing = ['components:publish', '--no-confirm', '--no-check-signature'];
const component = { key: 'stockRoom', isPublic: false, version: 'LATEST' };

/** A flow that answers with what the component got from its service. */
const stockTaking = (url: string) =>
  definition(
    'Stock taking',
    [
      {
        name: 'Take Stock',
        isSynchronous: true,
        steps: [
          {
            ...step('Items', 'stockRoom.listItems', { acmeConnection: { type: 'configVar', value: 'Acme' } }),
            action: { key: 'listItems', component },
          },
        ],
      },
    ],
    {
      requiredConfigVars: [
        {
          key: 'Acme',
          dataType: 'connection',
          orgOnly: false,
          connection: { key: 'apiKey', component },
          inputs: { baseUrl: { type: 'value', value: url }, apiKey: { type: 'value', value: 'k3y' } },
        },
      ],
    },
  );

const listed = (...args: string[]) => rows('components:list', '--search', 'stockRoom', ...args);

test('components:publish makes the first version, with icon and source', async () => {
  const { exitCode, stdout } = await project.prism(
    ...publishing,
    '--include-source',
    '--comment',
    'The first.',
    '--commitHash',
    'abc123',
  );
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Successfully submitted stock-room (v1)')]);
  const [row] = await listed();
  expect(row).toMatchObject({
    key: 'stockRoom',
    label: 'stock-room',
    description: 'Prism-generated Component',
  });
  const { deps } = system;
  const version = await deps.store.componentVersions.findOne({ key: 'stockRoom' }).lean();
  expect(version).toMatchObject({ status: 'ready', comment: 'The first.' });
  expect(JSON.parse(version?.attributes ?? '')).toMatchObject({ commitHash: 'abc123' });
  const source = await deps.store.blobs.get(version?.sourceBlobId ?? '');
  expect(source.toString('latin1')).toContain('src/actions.ts');
  const icon = await deps.store.media
    .findOne({ componentVersionId: version?._id ?? '', purpose: 'icon' })
    .lean();
  const stored = await deps.store.blobs.get(icon?.blobId ?? '');
  expect(stored).toEqual(await readFile(join(project.folder, 'dist', 'icon.png')));
});

test('components:signature prints the signature of what is usable', async () => {
  const { stdout } = await project.prism('components:signature');
  const version = await system.deps.store.componentVersions.findOne({ key: 'stockRoom' }).lean();
  expect(stdout.trim()).toBe(version?.signature);
});

test('actions, triggers and data sources are listed as the project has them', async () => {
  const actions = await rows('components:actions:list', 'stockRoom');
  expect(actions.map(({ key }) => key).sort()).toEqual(['addItem', 'getItem', 'listItems', 'rawRequest']);
  const triggers = await rows('components:triggers:list', 'stockRoom');
  expect(triggers.map(({ key }) => key)).toEqual(['exampleTrigger']);
  expect(await rows('components:data-sources:list', 'stockRoom')).not.toHaveLength(0);
});

test('the same package is not published again', async () => {
  const skipped = await project.prism('components:publish', '--no-confirm', '--skip-on-signature-match');
  expect(skipped.stdout).toContain('signatures match, skipping publish');
  await project.prism(...publishing);
  expect((await listed()).map((row) => String(row['versionNumber']))).toEqual(['1']);
  const [again] = await listed('--showAllVersions');
  expect(again?.['description']).toMatch(/^REFUSED: Version 1 has the same package\./);
});

test('a changed package is the next version', async () => {
  await project.edit('src/index.ts', 'Prism-generated Component', 'Keeps the stock');
  await project.build();
  expect((await project.prism(...publishing)).stdout).toContain('(v3)');
  const [row] = await listed();
  expect(row).toMatchObject({ versionNumber: '3', description: 'Keeps the stock' });
});

test('an integration finds it, and runs its action with a connection of its own', async () => {
  await writeFile(prism.path('stock.yml'), stockTaking(acme.url));
  const integration = (await prism.ok('integrations:import', '--path', prism.path('stock.yml'))).trim();
  const version = (await prism.ok('integrations:publish', integration)).trim();
  const customer = (await prism.ok('customers:create', '-n', 'Shop')).trim();
  const named = ['-n', 'Shop stock', '-i', version, '-c', customer];
  const instance = (await prism.ok('instances:create', ...named)).trim();
  await prism.ok('instances:deploy', instance);
  const [flow] = await rows('instances:flow-configs:list', instance);
  const response = await fetch(flow?.['webhookUrl'] ?? '', { method: 'POST' });
  expect([response.status, await response.json()]).toEqual([200, { path: '/items', body: '' }]);
  expect(acme.calls[0]?.headers).toMatchObject({ authorization: 'Bearer k3y' });
});

test('a package that does not load here is refused, and its publisher can see it', async () => {
  const bundle = join(project.folder, 'dist', 'index.js');
  const code = await readFile(bundle, 'utf8');
  // It loads where the publisher is, not where it would run.
  await writeFile(bundle, `if (!process.env.PRISMATIC_URL) throw new Error("no license");\n${code}`);
  expect((await project.prism(...publishing)).stdout).toContain('(v4)');
  const [refused] = await listed('--showAllVersions');
  expect(refused?.['description']).toMatch(/^REFUSED: .*no license/);
  expect((await listed()).map((row) => row['versionNumber'])).toEqual(['3']);
  expect((await project.prism('components:signature')).stdout.trim()).toBe('');
});

test('components:delete deletes a version, unless a published integration runs it', async () => {
  const all = await listed('--showAllVersions');
  const idOf = (number: number) => String(all.find((row) => Number(row['versionNumber']) === number)?.['id']);
  const { exitCode, stdout, stderr } = await prism.run(['components:delete', idOf(3)]);
  expect(exitCode).not.toBe(0);
  expect((stdout + stderr).replace(/\s*\n\s*(›\s*)?/g, ' ')).toMatch(
    /Version 3 of "stockRoom" is used by published integrations: "Stock taking" \(version 1\)/,
  );
  await prism.ok('components:delete', idOf(1));
  await prism.ok('components:delete', idOf(4));
  const left = await listed('--showAllVersions');
  expect(left.map((row) => row['versionNumber'])).toEqual(['3', '2']);
});
