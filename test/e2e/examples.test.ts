import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeCertificates } from '../support/certificates';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { publishBuilt } from '../support/publish-built';
import { buildPackage } from '../support/sdk-packages';
import { stepResultsOf } from '../support/step-results';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const EXAMPLES = resolve(__dirname, '../../../shared/examples');
const isThere = existsSync(EXAMPLES);
const the = isThere ? describe : describe.skip;
if (!isThere)
  process.stderr.write('skipped: the public example definitions (../shared/examples) are not there\n');

const textOf = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
/** Requests at the third parties, as `METHOD host/path`, with their bodies. */
let calls: { line: string; body: unknown }[] = [];
const bodiesAt = (line: string) => calls.filter((call) => call.line === line).map(({ body }) => body);

const COMMENTS = Array.from({ length: 120 }, (_, at) => ({ id: at + 1, body: `comment ${at + 1}` }));
const PEOPLE = Array.from({ length: 7 }, (_, at) => ({ id: at, createdat: `2024-01-0${at + 1} 00:00:00` }));

/** The answers of everybody who is called. */
function answerOf(request: IncomingMessage, body: Record<string, never>): unknown {
  const { pathname, searchParams } = new URL(`http://host${request.url}`);
  if (pathname === '/comments') {
    const limit = Number(searchParams.get('_limit') ?? COMMENTS.length);
    const page = Number(searchParams.get('_page') ?? 1);
    return COMMENTS.slice((page - 1) * limit, page * limit);
  }
  if (pathname === '/query') {
    const params = body['params'] as unknown as { key: string; value: string }[];
    const of = (key: string) => String(params.find((one) => one.key === key)?.value);
    return PEOPLE.filter(({ createdat }) => createdat > of('cursor')).slice(0, Number(of('limit')));
  }
  if (pathname.endsWith('/query')) {
    const [, limit, offset] = /LIMIT (\d+) OFFSET\s+(\d+)/.exec(searchParams.get('q') ?? '') ?? [];
    return { records: PEOPLE.slice(Number(offset), Number(offset) + Number(limit)) };
  }
  return {};
}

function serve(request: IncomingMessage, response: import('node:http').ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    const body = /^[[{]/.test(text) ? (JSON.parse(text) as never) : (text as never);
    calls.push({ line: `${request.method} ${request.headers.host}${request.url?.split('?')[0]}`, body });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answerOf(request, body)));
  });
}

the('public definitions, unmodified', () => {
  let system: System;
  let secure: ReturnType<typeof createTlsServer>;
  let plain: ReturnType<typeof createServer>;
  let plainUrl: string;
  let packages: string[];

  beforeAll(async () => {
    packages = await Promise.all(
      ['postgres', 'salesforce'].map((name) => buildPackage(`${name}.ts`, 10, join(folder, name))),
    );
    // Loaded now: it holds this process so long that a kept connection would be given up meanwhile.
    for (const built of packages) await import(built);
    const certificates = makeCertificates(folder, ['jsonplaceholder.typicode.com', 'postman-echo.com']);
    const { key, cert, ca } = certificates;
    secure = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, serve).listen(
      0,
      '127.0.0.1',
    );
    plain = createServer(serve).listen(0, '127.0.0.1');
    await Promise.all([secure, plain].map((server) => new Promise((done) => server.once('listening', done))));
    const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
    plainUrl = `http://127.0.0.1:${portOf(plain)}`;
    const at = `127.0.0.1:${portOf(secure)}`;
    system = await startSystem({
      env: {
        TENON_HOST_OVERRIDES: `jsonplaceholder.typicode.com=${at},postman-echo.com=${at}`,
        TENON_CA_FILE: ca,
      },
    });
  }, 120_000);
  beforeEach(() => {
    calls = [];
  });
  afterAll(async () => {
    await system?.stop();
    for (const server of [secure, plain]) {
      server?.closeAllConnections();
      server?.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const endedOf = (instance: DeployedInstance, count: number) =>
    until(
      `${count} runs to end`,
      async () => {
        const runs = await system.deps.store.executions
          .find({ instanceId: instance.instanceId })
          .sort({ _id: 1 })
          .lean();
        return runs.filter(({ phase }) => phase === 'ended').length >= count ? runs : undefined;
      },
      60_000,
    );

  it('a router keeps addresses in state and sends requests on by form data', async () => {
    const { deps, ctx } = system;
    const router = await aDeployedInstance(deps, ctx, {
      definition: textOf('slack-interactivity-router.yaml'),
    });
    const tell = (event: string) =>
      fetch(String(router.webhooks['Registration Endpoint']), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event, channelId: 'C1', instanceInteractivityWebhookUrl: `${plainUrl}/mine` }),
      });
    await tell('register');
    const [registered] = await endedOf(router, 1);
    expect(await stepResultsOf(deps, String(registered?._id))).toMatchObject({
      branchOnValue: { branch: 'Register' },
      logRegistration: {},
      crossFlowSaveValue: {},
    });
    await fetch(String(router.webhooks['Route Request']), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ payload: JSON.stringify({ channel: { id: 'C1' } }) }).toString(),
    });
    const routed = (await endedOf(router, 2))[1];
    expect(routed).toMatchObject({ status: 'SUCCESS', error: null });
    const [sent, ...others] = bodiesAt(`POST ${plainUrl.slice(7)}/mine`);
    expect(others).toEqual([]);
    expect(new URLSearchParams(String(sent)).get('payload')).toBe('{"channel":{"id":"C1"}}');
    const printed = await fetch(String(router.webhooks['Print Persisted Data']), {
      method: 'POST',
      headers: { 'prismatic-synchronous': 'true' },
    });
    expect(await printed.json()).toEqual({ C1: `${plainUrl}/mine` });
    await tell('deregister');
    const runs = await endedOf(router, 4);
    expect(runs.map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
    const empty = await fetch(String(router.webhooks['Print Persisted Data']), {
      method: 'POST',
      headers: { 'prismatic-synchronous': 'true' },
    });
    expect(await empty.json()).toEqual({});
  }, 120_000);

  it('records are cut into chunks, other flows work on them, and their results come back by the API', async () => {
    const { deps, ctx, accessToken } = system;
    const values = JSON.stringify([{ name: 'apiKey', type: 'value', value: accessToken }]);
    const split = await aDeployedInstance(deps, ctx, {
      definition: textOf('split-payload-example.yml'),
      configVariables: [{ key: 'Prismatic Connection', values }],
    });
    await fetch(String(split.webhooks['Main Flow']), { method: 'POST' });
    const runs = await endedOf(split, 4);
    expect(runs.map(({ flowName, status, invokeType }) => [flowName, status, invokeType])).toEqual([
      ['Main Flow', 'SUCCESS', 'WEBHOOK'],
      ['Process Records', 'SUCCESS', 'CROSS_FLOW'],
      ['Process Records', 'SUCCESS', 'CROSS_FLOW'],
      ['Process Records', 'SUCCESS', 'CROSS_FLOW'],
    ]);
    expect(runs[1]?.invokedBy).toMatchObject({ executionId: runs[0]?._id, depth: 1 });
    const results = await stepResultsOf(deps, String(runs[0]?._id));
    expect(results['chunks']?.data).toHaveLength(3);
    expect(results['flatten']?.data).toEqual(COMMENTS.map(({ body }) => body.toUpperCase()));
    expect(results['rawGraphqlRequest']?.loopPath).toMatch(/^loopOverExecutions:2,loopNTimes:\d$/);
  }, 120_000);

  it('flows page by calling themselves with a cursor, on deploy, until nothing is left', async () => {
    const { deps, ctx, accessToken } = system;
    for (const built of packages) await publishBuilt(system, built, true);
    const valuesOf = (fields: Record<string, string>) =>
      JSON.stringify(Object.entries(fields).map(([name, value]) => ({ name, type: 'value', value })));
    const port = plainUrl.split(':').at(-1) ?? '';
    const database = { host: '127.0.0.1', port, database: 'db', username: 'u', password: 'p' };
    const recursive = await aDeployedInstance(deps, ctx, {
      definition: textOf('recursive-flow-examples.yml'),
      configVariables: [
        { key: 'PostgreSQL Connection', values: valuesOf(database) },
        {
          key: 'Salesforce Connection',
          values: valuesOf({ username: 'u', password: 'p', loginUrl: plainUrl }),
        },
        { key: 'Prismatic Connection', values: valuesOf({ apiKey: accessToken }) },
        { key: 'PostgreSQL Page Size', value: '2' },
        { key: 'SFDC Page Size', value: '1' },
      ],
    });
    // 120 comments in pages of 15: five pages a run, so the second run ends at the ninth, empty one. Seven records one by one.
    const runs = await until(
      'the recursion to end',
      async () => {
        const all = await deps.store.executions
          .find({ instanceId: recursive.instanceId })
          .sort({ _id: 1 })
          .lean();
        const byFlow = (name: string) =>
          all.filter(({ flowName, phase }) => flowName === name && phase === 'ended');
        const isDone =
          byFlow('JSON Placeholder Example').length >= 2 &&
          byFlow('Salesforce Example').length >= 2 &&
          byFlow('PostgreSQL Example').length >= 1 &&
          all.every(({ phase }) => phase === 'ended');
        return isDone ? all : undefined;
      },
      90_000,
    );
    expect(runs.filter(({ status }) => status !== 'SUCCESS')).toEqual([]);
    const first = runs.find(({ flowName }) => flowName === 'JSON Placeholder Example');
    const second = runs.filter(({ flowName }) => flowName === 'JSON Placeholder Example')[1];
    expect(second?.invokedBy?.executionId).toBe(first?._id);
    const sent = bodiesAt('POST postman-echo.com/post').flat() as { id?: number; createdat?: string }[];
    expect(sent.filter((one) => 'body' in one)).toEqual(COMMENTS);
    // Both the database's and the CRM's records, each once.
    expect(sent.filter(({ createdat }) => createdat !== undefined)).toHaveLength(2 * PEOPLE.length);
  }, 180_000);
});
