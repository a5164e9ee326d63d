import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { openGrant } from '../../src/services/connections/grant';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import type { ConnectionState } from '../../src/store/models/connection.model';
import { createEncryptingCodec } from '../../src/temporal/codec/encrypting-codec';
import { decodeJsonPayloads } from '../../src/temporal/codec/payload-json';
import { canaryDefinition } from '../support/canary-definition';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type EchoServer, startEchoServer } from '../support/echo-server';
import { findSecret } from '../support/find-secret';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { publishCrm } from '../support/oauth-provider/crm';
import { type OauthProvider, startOauthProvider } from '../support/oauth-provider/start';
import { payloadsIn, type RawHistory, rawHistories } from '../support/raw-history';
import { type Services, startServices } from '../support/services';
import { aShared } from '../support/shared-connection';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const DIST = join(__dirname, '..', '..', 'dist');

/** Text that nothing else has; the signs make encodings differ, the letters in front are whole in all of them. */
const aCanary = (slot: string) => `${slot}${randomBytes(9).toString('hex')}"&+/=`;

/** What only the configuration, the environment and callers' credentials hold. */
const SECRET = {
  password: aCanary('pw'),
  apiKey: aCanary('ak'),
  token: aCanary('tk'),
  // Of a connection that instances share.
  shared: aCanary('sh'),
  configVar: aCanary('cv'),
  endpointKey: aCanary('ek'),
  organizationKey: aCanary('ok'),
  clientSecret: '',
  // Of an OAuth connection, as its provider made them.
  oauthAccessToken: '',
  oauthRefreshToken: '',
  mongodbPassword: randomBytes(12).toString('hex'),
  jwtSecret: randomBytes(32).toString('hex'),
  encryptionKey: randomBytes(32).toString('base64'),
};
/** What anybody may read who may read the execution; the search must find it, or it finds nothing at all. */
const MARKER = aCanary('mk');
const BODY = aCanary('bd');
const HEADER = aCanary('hd');

/** Its author wrote it into the definition, which is kept as it was written. */
const KEPT_READABLE: Partial<Record<keyof typeof SECRET, RegExp>> = {
  organizationKey: /^collection (integrations|integration_versions|plans):/,
};

type Place = [name: string, bytes: Buffer];
let services: Services;
let echo: EchoServer;
let provider: OauthProvider;
let subject: DeployedInstance;
let env: Record<string, string>;
const processes: { child: ChildProcess; output: Buffer[] }[] = [];
const places: Place[] = [];
let executionIds: string[];
let accessToken: string;

/** `place: form` for everywhere a text lies. */
function found(text: string, where: RegExp = /./): string[] {
  return places
    .filter(([name]) => where.test(name))
    .flatMap(([name, bytes]) => findSecret(bytes, text).map((form) => `${name}: ${form}`));
}

beforeAll(async () => {
  echo = await startEchoServer();
  env = testEnvironment({
    TENON_PORT: String(await freePort()),
    TENON_LOG_LEVEL: 'trace',
    TENON_JWT_SECRET: SECRET.jwtSecret,
    TENON_ENCRYPTION_KEYS: `k1:${SECRET.encryptionKey}`,
  });
  await createDatabaseUser();
  services = await startServices(env);
  accessToken = await issueAccessToken(services.deps, services.owner);
  await startProcesses();
  provider = await startOauthProvider(`http://127.0.0.1:${env['TENON_PORT']}/oauth2/callback`);
  subject = await aSubject();
  executionIds = [];
  for (const flow of ['Use', 'Return', 'Return a lot', 'Keep', 'Throw', 'Fail', 'Refuse']) {
    executionIds.push(await deliver(flow));
  }
  executionIds.push(await deliver('For the organization', SECRET.organizationKey));
  await Promise.all(executionIds.map(ended));
  await collectPlaces();
}, 180_000);

afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  provider?.stop();
  await services?.stop();
  await echo?.close();
  // Last: a connection whose user is gone may not do anything any more.
  await dropDatabaseUser();
});

describe('the search', () => {
  test('finds what is no secret in every place that it looks at', () => {
    expect(found(MARKER, /^collection step_results/)).toContain('collection step_results: plain');
    expect(found(MARKER, /^collection logs/)).toContain('collection logs: plain');
    expect(found(MARKER, /^blob/)).toEqual(expect.arrayContaining([expect.stringMatching(/plain$/)]));
    expect(found(MARKER, /^collection .*chunks/)).toEqual(
      expect.arrayContaining([expect.stringMatching(/plain$/)]),
    );
    expect(found('the API is listening', /^output/)).toContain('output of api: plain');
    expect(found('the worker is running', /^output/)).toContain('output of worker: plain');
    const [id = ''] = executionIds;
    expect(found(id, /^history .*decrypted/)).not.toEqual([]);
    // There it is the workflow's id or a search attribute.
    expect(found(id, /^history .*raw/)).not.toEqual([]);
  });

  test('finds it in each form that somebody may give it', () => {
    const forms = new Set(found(MARKER, /^collection step_results/).map((one) => one.split(': ')[1]));
    expect([...forms].sort()).toEqual([
      'HEXADECIMAL',
      'JSON',
      'URL-encoded',
      'UTF-16',
      'base64 at 0',
      'base64 at 1',
      'base64 at 2',
      'base64url at 0',
      'base64url at 1',
      'base64url at 2',
      'hexadecimal',
      'plain',
    ]);
  });

  test('is made where the secrets were really used', () => {
    expect(Object.values(SECRET)).not.toContain('');
    const sent = JSON.stringify(echo.calls.map(({ headers }) => headers));
    const basic = Buffer.from(`shop-user:${SECRET.password}`).toString('base64');
    for (const used of [
      basic,
      SECRET.apiKey,
      SECRET.token,
      SECRET.shared,
      SECRET.configVar,
      SECRET.oauthAccessToken,
    ])
      expect(sent).toContain(JSON.stringify(used).slice(1, -1));
  });
});

describe.each(Object.keys(SECRET) as (keyof typeof SECRET)[])('the secret %s', (slot) => {
  test('is in no history, neither as Temporal keeps it nor decrypted', () => {
    expect(found(SECRET[slot], /^history/)).toEqual([]);
  });

  test('is in no output of a process', () => {
    expect(found(SECRET[slot], /^output/)).toEqual([]);
  });

  test('is in no collection and no blob', () => {
    const readable = KEPT_READABLE[slot];
    const all = found(SECRET[slot], /^(collection|blob)/);
    expect(all.filter((one) => !readable?.test(one))).toEqual([]);
    // Once it is sealed there too, the exception has to go.
    expect(all.length > 0).toBe(readable !== undefined);
  });
});

describe('what callers send', () => {
  test('is in the record of the execution, as data, and in no history or output', () => {
    for (const data of [BODY, HEADER]) {
      expect(found(data, /^collection executions$/)).not.toEqual([]);
      expect(found(data, /^(history|output)/)).toEqual([]);
    }
  });

  test('as access token is nowhere', () => {
    expect(found(accessToken)).toEqual([]);
    expect(found(accessToken.split('.')[2]!)).toEqual([]);
  });
});

let adminUri = '';

async function dropDatabaseUser(): Promise<void> {
  if (adminUri === '') return;
  const client = new mongoose.mongo.MongoClient(adminUri);
  await client.db().command({ dropUser: 'canary' });
  await client.close();
}

/** A user of the test's database whose password is a canary too. */
async function createDatabaseUser(): Promise<void> {
  const uri = new URL(env['TENON_MONGODB_URI']!);
  adminUri = uri.href;
  const client = new mongoose.mongo.MongoClient(adminUri);
  const db = client.db();
  await db.command({
    createUser: 'canary',
    pwd: SECRET.mongodbPassword,
    roles: [{ role: 'dbOwner', db: db.databaseName }],
  });
  await client.close();
  uri.username = 'canary';
  uri.password = SECRET.mongodbPassword;
  uri.searchParams.set('authSource', db.databaseName);
  env['TENON_MONGODB_URI'] = uri.href;
}

async function startProcesses(): Promise<void> {
  for (const name of ['api', 'worker']) {
    const child = fork(join(DIST, name, 'main.js'), {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      silent: true,
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (piece: Buffer) => output.push(piece));
    let isReady = false;
    child.once('message', () => {
      isReady = true;
    });
    processes.push({ child, output });
    await until(`the ${name} process; it said: ${Buffer.concat(output).toString()}`, () => isReady);
  }
}

async function aSubject(): Promise<DeployedInstance> {
  const { deps, ctx } = services;
  const fields = (given: Record<string, string>) =>
    JSON.stringify(Object.entries(given).map(([name, text]) => ({ name, type: 'value', value: text })));
  await publishCrm(deps.store, ctx);
  const oauthFields = provider.fieldsOf('post');
  const fieldsOfShared = { apiKey: SECRET.shared, headerKey: 'X-Shared', authScheme: '' };
  await aShared(services, { stableKey: 'canary', fields: fieldsOfShared });
  const deployed = await aDeployedInstance(deps, ctx, {
    definition: canaryDefinition(SECRET.organizationKey),
    configVariables: [
      { key: 'Target', value: echo.url },
      { key: 'Marker', value: MARKER },
      { key: 'API Secret', value: SECRET.configVar },
      { key: 'Basic', values: fields({ username: 'shop-user', password: SECRET.password }) },
      { key: 'Key', values: fields({ apiKey: SECRET.apiKey, headerKey: 'X-Key' }) },
      { key: 'Bearer', values: fields({ token: SECRET.token }) },
      { key: 'OAuth', values: fields(oauthFields) },
    ],
    force: true,
  });
  await grantOauth(deployed.instanceId, oauthFields['clientSecret']!);
  const flows = await listFlowConfigs(deps, ctx, { instanceId: deployed.instanceId });
  await updateInstance(deps, ctx, {
    id: deployed.instanceId,
    flowConfigs: flows.map(({ flowId }) => ({ flowId, apiKeys: [SECRET.endpointKey] })),
  });
  return deployed;
}

/** Through the pages of the API process; its refresh is refused later, so that a fault is stored too. */
async function grantOauth(instanceId: string, clientSecret: string): Promise<void> {
  const { deps, ctx } = services;
  const variables = await listConfigVariables(deps, ctx, { instanceId });
  const { authorizeUrl } = variables.find(({ key }) => key === 'OAuth')!;
  expect((await grantAccess(new Browser(), authorizeUrl!)).status).toBe(200);
  const state = await deps.store.connections.findOne({ instanceId }).lean<ConnectionState>();
  const { token } = openGrant(deps.sealer, state)!;
  SECRET.clientSecret = clientSecret;
  SECRET.oauthAccessToken = token.access_token;
  SECRET.oauthRefreshToken = String(token['refresh_token']);
  await provider.set({ failures: 1 });
  await deps.store.connections.updateOne({ instanceId }, { $set: { refreshAt: new Date(0) } });
}

async function deliver(flow: string, apiKey = SECRET.endpointKey): Promise<string> {
  const response = await fetch(subject.webhooks[flow]!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'api-key': apiKey, 'x-signature': HEADER },
    body: JSON.stringify({ note: BODY }),
  });
  expect(response.status).toBe(200);
  return Buffer.from(response.headers.get('prismatic-executionid')!, 'base64').toString().split(':')[1]!;
}

const ended = (id: string) =>
  until(`the end of ${id}`, () => services.deps.store.executions.exists({ _id: id, phase: 'ended' }));

async function collectPlaces(): Promise<void> {
  // Deliveries that come together share a workflow.
  const wanted = await services.deps.store.executions.distinct('workflowId');
  const histories = await until('all closed workflows', async () => {
    const all = await rawHistories(env['TENON_TEMPORAL_ADDRESS']!, env['TENON_TASK_QUEUE']!);
    const isClosed = ({ events }: RawHistory) =>
      /_EXECUTION_(COMPLETED|FAILED)$/.test(events.at(-1)!.eventType);
    const isThere = (id: unknown) => all.some(({ workflowId }) => workflowId === id);
    return wanted.every(isThere) && all.every(isClosed) ? all : undefined;
  });
  for (const history of histories) {
    places.push([`history ${history.workflowId} raw`, history.bytes]);
    places.push([`history ${history.workflowId} decrypted`, await decrypted(history)]);
  }
  // The last lines are written a moment after the end.
  await until('the log lines', () =>
    services.deps.store.logs.exists({ executionId: executionIds.at(-1)!, message: /^Ending/ }),
  );
  await collectCollections();
  for (const [index, name] of ['api', 'worker'].entries()) {
    places.push([`output of ${name}`, Buffer.concat(processes[index]!.output)]);
  }
}

async function decrypted({ events }: RawHistory): Promise<Buffer> {
  const codec = createEncryptingCodec(env['TENON_ENCRYPTION_KEYS']!);
  const payloads = payloadsIn(events).map(({ payload }) => payload);
  const plain = await decodeJsonPayloads(codec, payloads);
  return Buffer.concat(plain.map(({ data = '' }) => Buffer.from(data, 'base64')));
}

/** Every document of every collection as BSON bytes, and the blobs put together. */
async function collectCollections(): Promise<void> {
  const db = services.deps.store.connection.db!;
  for (const { name } of await db.listCollections().toArray()) {
    const documents = await db.collection(name).find({}, { raw: true }).toArray();
    places.push([`collection ${name}`, Buffer.concat(documents as unknown as Buffer[])]);
  }
  const results = await services.deps.store.stepResults.find({ outputBlobId: { $ne: null } }).lean();
  for (const { outputBlobId } of results) {
    places.push([`blob ${outputBlobId}`, await services.deps.store.blobs.get(outputBlobId!)]);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
