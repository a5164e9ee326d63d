import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Data, graphqlClient } from '../support/graphql-client';
import { createPrism, type Prism } from '../support/prism';
import { generateProject, type SdkProject } from '../support/sdk-project';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

/**
 * A code-native integration made by the SDK's own generator, built by its own script and imported by the unmodified
 * command line. The tests build on each other.
 */
let system: System;
let prism: Prism;
let project: SdkProject;
/** What the generated code calls. */
let acme: Server;
const tokens: (string | undefined)[] = [];
let integration: string;

const KEY = ['--test-api-key', '"List Items"="k1"'];

jest.setTimeout(120_000);

beforeAll(async () => {
  system = await startSystem({ env: { TENON_ALLOW_ADDRESSES: 'loopback' } });
  acme = createServer((req, res) => {
    tokens.push(req.headers.authorization);
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify([{ id: 7, name: 'Widget', quantity: 3 }]));
  });
  await new Promise<void>((resolve) => acme.listen(0, '127.0.0.1', resolve));
  prism = await createPrism(system);
  project = await generateProject(prism, 'integrations', 'stock-sync');
  await project.build();
}, 240_000);

afterAll(async () => {
  acme?.closeAllConnections();
  acme?.close();
  await prism?.close();
  await system?.stop();
});

async function rows(...args: string[]): Promise<Record<string, string>[]> {
  return JSON.parse(await prism.ok(...args, '--extended', '--output', 'json')) as Record<string, string>[];
}

async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const { body } = await graphqlClient(system, system.accessToken)(query, variables);
  return body.data as Data;
}

/** The bundles in the store, oldest first. */
const bundles = () =>
  system.deps.store.componentVersions.find({ isCodeNative: true }).sort({ createdAt: 1 }).lean();

test('integrations:import uploads the code, imports its definition and sets the icon', async () => {
  const { exitCode, stdout, stderr } = await project.prism('integrations:import');
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  integration = stdout.trim().split('\n').at(-1) ?? '';
  const { integration: imported } = await ask(
    `query ($id: ID!) { integration(id: $id) { name isCodeNative avatarUrl flows { nodes { name trigger { action {
      key isPollingTrigger component { key } } } } } } }`,
    { id: integration },
  );
  const [bundle] = await bundles();
  expect(bundle).toMatchObject({ status: 'ready', isPublic: false });
  expect(imported).toMatchObject({ name: 'stock-sync', isCodeNative: true });
  expect(imported?.['flows']?.['nodes']).toEqual([
    {
      name: 'List Items',
      trigger: {
        action: { key: 'listItems_onTrigger', isPollingTrigger: false, component: { key: bundle?.key } },
      },
    },
  ]);
  const icon = await fetch(imported?.['avatarUrl'] as never);
  expect(Buffer.from(await icon.arrayBuffer())).toEqual(
    await readFile(join(project.folder, 'dist', 'icon.png')),
  );
});

test('the code is hidden from lists, unless code-native components are asked for', async () => {
  const [bundle] = await bundles();
  expect((await rows('components:list')).map(({ key }) => key)).not.toContain(bundle?.key);
  const asked = await ask(
    `query ($key: String) { components(key: $key, versionNumber: 1, public: false,
      includeComponentsForCodeNativeIntegrations: true) { nodes { key forCodeNativeIntegrations } } }`,
    { key: bundle?.key },
  );
  expect(asked['components']?.['nodes']).toEqual([{ key: bundle?.key, forCodeNativeIntegrations: true }]);
});

test('an instance of it runs its code', async () => {
  const version = (await prism.ok('integrations:publish', integration)).trim();
  const customer = (await prism.ok('customers:create', '-n', 'Shop')).trim();
  const fields = JSON.stringify([
    { name: 'baseUrl', type: 'value', value: `http://127.0.0.1:${(acme.address() as AddressInfo).port}` },
    { name: 'apiKey', type: 'value', value: 'k3y' },
  ]);
  const variables = JSON.stringify([
    { key: 'Acme Connection', values: fields },
    { key: 'Select Item', value: '7' },
  ]);
  const named = ['-n', 'Shop stock', '-i', version, '-c', customer, '-v', variables];
  const instance = (await prism.ok('instances:create', ...named)).trim();
  await prism.ok('instances:deploy', instance);
  const [flow] = await rows('instances:flow-configs:list', instance);
  await fetch(flow?.['webhookUrl'] ?? '', { method: 'POST', body: '{}' });
  const ended = () => system.deps.store.executions.findOne({ status: 'SUCCESS' }).lean();
  expect(await until('the end of the run', ended)).toMatchObject({ flowName: 'List Items' });
  expect(tokens).toEqual(['Bearer k3y']);
  const lines = await system.deps.store.logs.find({ message: /Widget/ }).lean();
  expect(lines.map(({ message }) => message)).toEqual(['Item "Widget" with ID "7" has quantity "3"']);
});

test('the next import changes the same integration; what is published keeps its code', async () => {
  await project.edit('src/index.ts', 'Prism-generated Integration', 'Syncs the stock');
  const described = 'description: "Fetch items from an API",';
  await project.edit('src/flows.ts', described, `${described} endpointSecurityType: 'customer_required',`);
  await project.build();
  const { stdout } = await project.prism('integrations:import', ...KEY);
  expect(stdout.trim().split('\n').at(-1)).toBe(integration);
  const tested = await ask(
    `query ($id: ID!) { integration(id: $id) { systemInstance { flowConfigs { nodes { apiKeys } } } } }`,
    { id: integration },
  );
  expect(tested['integration']?.['systemInstance']?.['flowConfigs']?.['nodes']).toEqual([
    { apiKeys: ['k1'] },
  ]);
  const [first, second] = await bundles();
  expect(second).toMatchObject({ status: 'ready' });
  expect(second?.key).not.toBe(first?.key);
  const { description, definition } =
    (await system.deps.store.integrations.findOne({ name: 'stock-sync' }).lean()) ?? {};
  expect([
    description,
    definition?.includes(second?.key ?? ''),
    definition?.includes(first?.key ?? ''),
  ]).toEqual(['Syncs the stock', true, false]);
});

test('code that does not load here is refused, and the import says why', async () => {
  const bundle = join(project.folder, 'dist', 'index.js');
  await writeFile(
    bundle,
    `if (!process.env.PRISMATIC_URL) throw new Error("no license");\n${await readFile(bundle, 'utf8')}`,
  );
  const { exitCode, stdout, stderr } = await project.prism('integrations:import', ...KEY);
  expect(exitCode).not.toBe(0);
  expect((stdout + stderr).replace(/\s*\n\s*(›\s*)?/g, ' ')).toMatch(/Version 1 was refused: .*no license/);
});
