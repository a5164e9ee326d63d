import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';

const REDIRECTS: Record<string, [number, string]> = {
  '/see-other': [303, '/landed'],
  '/again-there': [307, '/landed'],
  '/round': [302, '/round'],
};

let server: Server;
let pool: RunnerPool;
let origin: string;
let seen: { method: string; type: string | undefined }[] = [];

/** Answers by path as the tests name them; anything else echoes. */
function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const path = request.url ?? '';
  if (path === '/cut' || path === '/drip') {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    if (path === '/cut') setTimeout(() => response.destroy(), 50);
  } else if (path === '/zip' || path === '/broken-zip') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(path === '/zip' ? gzipSync('{"packed":true}') : 'no zip');
  } else if (path in REDIRECTS) {
    const [code, location] = REDIRECTS[path] as [number, string];
    response.writeHead(code, { location }).end();
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ path, got: body.toString() }));
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', type: request.headers['content-type'] });
      answer(request, response, Buffer.concat(chunks));
    });
  });
  server.listen(0);
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pool = createRunnerPool({ size: 1, memoryMb: 128 });
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await pool.close();
  server.closeAllConnections();
  server.close();
});

const call = (key: string, params: Record<string, unknown>) =>
  pool.perform(
    {
      component: { key: 'http', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key,
      context: {},
      params,
    },
    { timeoutMs: 20_000, onLog: () => {} },
  );
const get = (path: string, params: Record<string, unknown> = {}) =>
  call('httpGet', { url: origin + path, ...params });

function dataOf(outcome: PerformOutcome): unknown {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return (outcome.result as { data: unknown }).data;
}
function errorOf(outcome: PerformOutcome) {
  if (outcome.ok) throw new Error('The call succeeded.');
  return outcome.error;
}

describe('connections', () => {
  it('are kept and used again by the steps that follow', async () => {
    let opened = 0;
    const count = () => {
      opened += 1;
    };
    server.closeAllConnections();
    // Until the runner has seen it.
    await new Promise((done) => setTimeout(done, 100));
    server.on('connection', count);
    for (let step = 0; step < 5; step += 1) await call('httpPost', { url: origin, data: { step } });
    server.off('connection', count);
    expect(seen).toHaveLength(5);
    expect(opened).toBe(1);
  });

  it('that closed while they were kept do not fail a request that may be sent twice', async () => {
    for (let round = 0; round < 10; round += 1) {
      expect(dataOf(await get('/kept'))).toMatchObject({ path: '/kept' });
      server.closeAllConnections();
    }
  });

  it('that end in the middle of an answer fail the step, at once', async () => {
    expect(errorOf(await get('/cut')).message).toMatch(/\/cut failed: aborted/);
    expect(errorOf(await get('/drip', { timeout: '200' })).message).toMatch(/no answer within 200 ms/);
  });

  it('carry compressed answers, which come unpacked', async () => {
    expect(dataOf(await get('/zip', { includeFullResponse: 'true' }))).toMatchObject({
      status: 200,
      data: { packed: true },
    });
    expect(errorOf(await get('/broken-zip')).message).toMatch(/failed: .*header/);
  });
});

describe('redirects', () => {
  it('turn a POST into a GET, or keep it, as the status says, and end at the limit', async () => {
    expect(dataOf(await call('httpPost', { url: `${origin}/see-other`, data: { a: 1 } }))).toMatchObject({
      got: '',
    });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(seen[1]?.type).toBeUndefined();
    seen = [];
    expect(dataOf(await call('httpPost', { url: `${origin}/again-there`, data: { a: 1 } }))).toMatchObject({
      got: '{"a":1}',
    });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(errorOf(await get('/round', { maxRedirects: '3' })).message).toMatch(/more than 3 redirects/);
  });
});
