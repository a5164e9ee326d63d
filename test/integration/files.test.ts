import { decode } from '@msgpack/msgpack';
import { FILE_URL_SECONDS, fileUrl } from '../../src/api/files/file-token';
import { forReaders } from '../../src/api/files/step-result-file';
import { acceptDelivery } from '../../src/services/executions/accept/accept-delivery';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { code, definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let subject: DeployedInstance;
let executionId: string;

const ECHO = "module.exports = async () => ({ data: { n: 1 }, contentType: 'application/json' });";
const DEFINITION = definition('Files', [
  { name: 'Later', steps: [code('Echo', ECHO)] },
  { name: 'Now', isSynchronous: true, steps: [code('Echo', ECHO)] },
]);

beforeAll(async () => {
  system = await startSystem();
  subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  executionId = await run('Now');
});

afterAll(() => system?.stop());

async function run(flow: string): Promise<string> {
  const { executionId: id } = await acceptDelivery(system.deps, {
    flowConfigId: subject.flowConfigIds[flow],
    method: 'POST',
    pathFragment: '',
    query: '',
    url: '',
    headers: [
      ['X-Twice', 'one'],
      ['Content-Type', 'text/plain'],
      ['X-Twice', 'two'],
    ],
    contentType: 'text/plain',
    body: Buffer.from([104, 105, 0, 255]),
  });
  await until(
    'the end',
    async () => (await system.deps.store.executions.findById(id).lean())?.phase === 'ended',
  );
  return id;
}

/** The URLs that GraphQL hands out. */
async function urlsOf(id: string) {
  const query = `query ($id: ID!) { executionResult(id: $id) {
    requestPayloadUrl responsePayloadUrl stepResults(displayStepName: "Echo") { nodes { resultsUrl } } } }`;
  const { body } = await graphqlClient(system, system.accessToken)(query, { id });
  const found = body.data?.['executionResult'];
  return {
    request: String(found?.['requestPayloadUrl']),
    response: String(found?.['responsePayloadUrl']),
    step: String(found?.['stepResults']?.['nodes']?.[0]?.['resultsUrl']),
  };
}

test('a step result is MessagePack of data and content type, fetched without a token, never shown', async () => {
  const { step } = await urlsOf(executionId);
  const response = await fetch(step);
  expect(response.status).toBe(200);
  expect(decode(Buffer.from(await response.arrayBuffer()))).toEqual({
    data: '{"n":1}',
    contentType: 'application/json',
  });
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(response.headers.get('content-security-policy')).toMatch(/sandbox/);
  expect(response.headers.get('cache-control')).toMatch(/no-store/);
});

test('a request payload holds the exact body and the headers as they were sent', async () => {
  const { request } = await urlsOf(executionId);
  expect(await (await fetch(request)).json()).toEqual({
    body: Buffer.from([104, 105, 0, 255]).toString('base64'),
    contentType: 'text/plain',
    headers: { 'X-Twice': 'one, two', 'Content-Type': 'text/plain' },
  });
});

test('a response payload holds the answer of a synchronous flow, and is not found where there was none', async () => {
  const { response } = await urlsOf(executionId);
  const answer = (await (await fetch(response)).json()) as { body: string; statusCode: number };
  expect(JSON.parse(Buffer.from(answer.body, 'base64').toString())).toEqual({ n: 1 });
  expect(answer.statusCode).toBe(200);
  const { response: none } = await urlsOf(await run('Later'));
  expect((await fetch(none)).status).toBe(404);
});

test('a URL that was changed, or made for another kind of file, is answered 401', async () => {
  const { step, request } = await urlsOf(executionId);
  const token = request.split('/').at(-1) ?? '';
  const [claim = '', signature = ''] = token.split('.');
  const other = Buffer.from(claim, 'base64url').toString().replace(executionId, subject.instanceId);
  const bad = [
    `${step}x`,
    step.slice(0, -2),
    step.replace(/\.[^.]*$/, ''),
    `${system.apiUrl}/files/step-results/${token}`,
    `${system.apiUrl}/files/request-payloads/${Buffer.from(other).toString('base64url')}.${signature}`,
    `${system.apiUrl}/files/request-payloads/x`,
  ];
  for (const url of bad) expect({ url, status: (await fetch(url)).status }).toEqual({ url, status: 401 });
  expect((await fetch(`${system.apiUrl}/files/other/${token}`)).status).toBe(404);
});

test('a URL works for a while only', async () => {
  const { deps, ctx } = system;
  const urlAfter = (seconds: number) => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - seconds * 1000);
    const url = fileUrl(deps, ctx.actor, 'request-payloads', executionId);
    clock.mockRestore();
    return url;
  };
  expect((await fetch(urlAfter(FILE_URL_SECONDS - 30))).status).toBe(200);
  expect((await fetch(urlAfter(FILE_URL_SECONDS + 1))).status).toBe(401);
});

test('a URL gives no more than its maker could see, and nothing once the instance is deleted', async () => {
  const { deps, ctx } = system;
  const stranger = { ...ctx.actor, customerId: subject.instanceId };
  expect((await fetch(fileUrl(deps, stranger, 'request-payloads', executionId))).status).toBe(404);
  const { step, request } = await urlsOf(executionId);
  await deleteInstance(deps, ctx, { id: subject.instanceId });
  expect((await fetch(step)).status).toBe(404);
  expect((await fetch(request)).status).toBe(404);
});

test.each([
  [
    'an object of type JSON becomes text',
    { data: { a: 1 }, contentType: 'application/json; charset=utf-8' },
    '{"a":1}',
  ],
  ['text that is JSON stays', { data: '[1]', contentType: 'application/json' }, '[1]'],
  [
    'text that is no JSON becomes a JSON string',
    { data: 'hi', contentType: 'application/vnd.api+json' },
    '"hi"',
  ],
  ['bytes of text become text', { data: Buffer.from('né'), contentType: 'text/csv' }, 'né'],
  ['a structure without a type stays', { data: { a: [1] } }, { a: [1] }],
  ['nothing is null', { data: undefined, contentType: 'application/json' }, null],
])('%s', (_, output, data) => {
  const { contentType = '' } = output as { contentType?: string };
  expect(forReaders(output)).toEqual({ data, contentType });
});
