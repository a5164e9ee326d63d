import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { until } from '../support/runner-processes';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let server: Server;
let pool: RunnerPool;
let origin: string;
let seen: Seen[] = [];
/** Answers without an end whose connection the caller closed. */
let closedEndless = 0;

/** Answers by path: `/status/503`, `/fail-twice`, `/slow`, `/bytes`, `/away`, `/endless`; anything else echoes. */
function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const path = request.url ?? '';
  const status = Number(/^\/status\/(\d+)/.exec(path)?.[1] ?? 200);
  if (path === '/slow') return;
  if (path.startsWith('/endless')) {
    endless(response, path === '/endless/gzip');
    return;
  }
  if (path === '/fail-twice' && seen.length <= 2) {
    response.writeHead(503).end('busy');
  } else if (path === '/bytes') {
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 0, 255]));
  } else if (path === '/away') {
    const other = `http://localhost:${(server.address() as AddressInfo).port}/landed`;
    response.writeHead(302, { location: other }).end();
  } else {
    const text = status === 200 ? JSON.stringify({ path, got: body.toString() }) : `no: ${'x'.repeat(1900)}`;
    response.writeHead(status, { 'content-type': 'application/json', 'x-served': 'yes' }).end(text);
  }
}

/** Zeros until the connection is closed; compressed they are a thousandth. */
function endless(response: ServerResponse, isGzip: boolean): void {
  const onClosed = () => (closedEndless += 1);
  const zeros = Buffer.alloc(64 * 1024);
  const source = new Readable({ read: () => void source.push(zeros) });
  response.writeHead(200, isGzip ? { 'content-encoding': 'gzip' } : {});
  if (isGzip) pipeline(source, createGzip({ level: 1 }), response, onClosed);
  else pipeline(source, response, onClosed);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response, body);
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

const lines: string[] = [];
const call = (key: string, params: Record<string, unknown>) =>
  pool.perform(
    {
      component: { key: 'http', isPublic: true, version: 1, signature: '' },
      kind: 'action',
      key,
      context: {},
      params,
    },
    { timeoutMs: 20_000, onLog: ({ message }) => lines.push(message) },
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

describe('requests', () => {
  it('carry headers and query, and give the parsed body', async () => {
    const headers = [{ key: 'X-One', value: '1' }];
    const queryParams = [
      { key: '_limit', value: 5 },
      { key: '', value: '' },
    ];
    expect(dataOf(await get('/a?b=c', { headers, queryParams }))).toEqual({
      path: '/a?b=c&_limit=5',
      got: '',
    });
    expect(seen[0]).toMatchObject({ method: 'GET', headers: { 'x-one': '1' } });
  });

  it.each([
    ['httpPost', { a: [1] }, 'application/json', '{"a":[1]}'],
    ['httpPut', '{"a":1}', 'application/json', '{"a":1}'],
    ['httpPatch', 'a=1&b=2', 'application/x-www-form-urlencoded', 'a=1&b=2'],
    ['httpPost', 'just text', 'text/plain', 'just text'],
    ['httpPost', { data: Buffer.from('%PDF'), contentType: 'application/pdf' }, 'application/pdf', '%PDF'],
    // Nothing to send: the client names its own default.
    ['httpPost', '', 'application/x-www-form-urlencoded', ''],
  ])('%s sends %j as %s', async (key, data, contentType, body) => {
    expect(dataOf(await call(key, { url: `${origin}/in`, data }))).toEqual({ path: '/in', got: body });
    expect(seen[0]?.method).toBe(key.slice(4).toUpperCase());
    expect(seen[0]?.headers['content-type']).toBe(contentType);
  });

  it('leave the content type to the author who names one', async () => {
    const headers = [{ key: 'content-type', value: 'application/vnd.api+json' }];
    await call('httpPost', { url: origin, data: { a: 1 }, headers });
    expect(seen[0]?.headers['content-type']).toBe('application/vnd.api+json');
  });

  it('use the method that is asked for, and give the headers for HEAD', async () => {
    expect(dataOf(await call('httpRequest', { url: origin, method: 'delete' }))).toMatchObject({ got: '' });
    expect(seen[0]?.method).toBe('DELETE');
    expect(dataOf(await call('httpHead', { url: origin }))).toMatchObject({ 'x-served': 'yes' });
    expect(errorOf(await call('httpRequest', { url: origin, method: 'BREW' })).message).toMatch(
      /HTTP Method.*"BREW"/,
    );
  });

  it('send forms with fields and files', async () => {
    const outcome = await call('httpPostFormData', {
      url: `${origin}/form`,
      httpMethod: 'put',
      formData: [{ key: 'name', value: 'Ann' }],
      fileData: [{ key: 'cv', value: { data: Buffer.from('%PDF-1'), contentType: 'application/pdf' } }],
      fileDataFileNames: [{ key: 'cv', value: 'ann.pdf' }],
    });
    const { got } = dataOf(outcome) as { got: string };
    expect(seen[0]?.method).toBe('PUT');
    expect(seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(got).toMatch(/name="name"\s+Ann\s/);
    expect(got).toMatch(/name="cv"; filename="ann.pdf"\s+Content-Type: application\/pdf\s+%PDF-1/i);
  });

  it.each([
    [
      { key: 'basic', fields: { username: 'ann', password: 'pass-word-1' } },
      'authorization',
      `Basic ${btoa('ann:pass-word-1')}`,
    ],
    [
      { key: 'apiKey', fields: { apiKey: 'k-123456', headerKey: 'X-Api-Key', authScheme: '' } },
      'x-api-key',
      'k-123456',
    ],
    [
      { key: 'apiKey', fields: { apiKey: 'k-123456', authScheme: 'Token' } },
      'authorization',
      'Token k-123456',
    ],
    [{ key: 'bearerToken', fields: { token: 't-123456' } }, 'authorization', 'Bearer t-123456'],
    [{ key: 'oauth2', fields: {}, token: { access_token: 'a-123456' } }, 'authorization', 'Bearer a-123456'],
  ])('carry the credentials of a connection: %j', async (connection, header, value) => {
    await get('/', { connection: { configVarKey: 'Acme', ...connection } });
    expect(seen[0]?.headers[header]).toBe(value);
  });

  it('refuse a connection without credentials as a fault of the connection', async () => {
    const outcome = await get('/', {
      connection: { key: 'basic', configVarKey: 'Acme', fields: { username: '' } },
    });
    expect(errorOf(outcome)).toMatchObject({
      isConnectionError: true,
      message: expect.stringContaining('"Acme"'),
    });
    expect(seen).toHaveLength(0);
  });

  it('keep credentials from another host that they are redirected to', async () => {
    const connection = {
      key: 'apiKey',
      configVarKey: 'A',
      fields: { apiKey: 'k-123456', headerKey: 'X-Api-Key' },
    };
    expect(dataOf(await get('/away', { connection }))).toEqual({ path: '/landed', got: '' });
    expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual(['k-123456', undefined]);
    expect(errorOf(await get('/away', { maxRedirects: '1', url: 'ftp://x' })).message).toMatch(
      /http or https address/,
    );
    expect(dataOf(await get('/away', { maxRedirects: '0', includeFullResponse: 'true' }))).toMatchObject({
      status: 302,
    });
  });
});

describe('answers', () => {
  it('come as text, as bytes with their type, or whole', async () => {
    expect(dataOf(await get('/t', { responseType: 'text' }))).toBe('{"path":"/t","got":""}');
    expect(await get('/bytes', { responseType: 'binary' })).toMatchObject({
      result: { data: Buffer.from([137, 80, 0, 255]), contentType: 'image/png' },
    });
    expect(dataOf(await get('/f', { includeFullResponse: 'true' }))).toMatchObject({
      status: 200,
      headers: { 'x-served': 'yes' },
      data: { path: '/f' },
    });
  });

  it('outside 200 to 299 fail with method, address and status, without the query', async () => {
    const error = errorOf(
      await get('/status/404?api_key=topsecret', { headers: [{ key: 'X-K', value: 'topsecret' }] }),
    );
    expect(error.code).toBe('component_error');
    expect(error.message).toMatch(
      new RegExp(`^GET ${origin}/status/404 answered 404 Not Found: no: x{995}…$`),
    );
    expect(error.details).toEqual({ method: 'GET', url: `${origin}/status/404`, status: 404 });
    expect(JSON.stringify(error)).not.toContain('topsecret');
  });

  it('of 401 to a connection mark the connection', async () => {
    const connection = { key: 'bearerToken', configVarKey: 'Acme', fields: { token: 'topsecret-1' } };
    const error = errorOf(await get('/status/401', { connection }));
    expect(error).toMatchObject({
      isConnectionError: true,
      message: expect.stringContaining('answered 401'),
    });
    expect(JSON.stringify(error)).not.toContain('topsecret');
  });

  it.each(['gzip', 'identity'])(
    'that are larger than 50 MB when they are expanded are given up while they come, once (%s)',
    async (encoding) => {
      const before = closedEndless;
      const error = errorOf(
        await get(`/endless/${encoding}`, {
          maxRetries: '2',
          retryOnAllErrors: 'true',
          responseType: 'text',
        }),
      );
      expect(error.message).toBe(
        `GET ${origin}/endless/${encoding} failed: the answer is larger than 50 MB, counted as it is when it is expanded`,
      );
      await until(() => closedEndless > before);
      expect(seen).toHaveLength(1);
    },
  );

  it('that do not come fail with the reason', async () => {
    expect(errorOf(await get('/slow', { timeout: '150' })).message).toBe(
      `GET ${origin}/slow failed: no answer within 150 ms`,
    );
    const closed = errorOf(await call('httpGet', { url: 'http://127.0.0.1:9/x' }));
    expect(closed.message).toMatch(/^GET http:\/\/127\.0\.0\.1:9\/x failed: .*ECONNREFUSED/);
  });
});

describe('retries', () => {
  it('repeat a request that met a status of 500 and above, whatever its method', async () => {
    const outcome = await call('httpPost', {
      url: `${origin}/fail-twice`,
      data: 'again',
      maxRetries: '2',
      retryDelayMS: '10',
    });
    expect(dataOf(outcome)).toEqual({ path: '/fail-twice', got: 'again' });
    expect(seen).toHaveLength(3);
  });

  it('leave other failures alone unless all errors count', async () => {
    await get('/status/429', { maxRetries: '2' });
    expect(seen).toHaveLength(1);
    await get('/status/429', { maxRetries: '2', retryOnAllErrors: 'true' });
    expect(seen).toHaveLength(4);
  });
});

describe('debugging', () => {
  it('logs request and answer without credentials', async () => {
    lines.length = 0;
    const connection = {
      key: 'basic',
      configVarKey: 'A',
      fields: { username: 'ann', password: 'pass-word-1' },
    };
    const headers = [{ key: 'X-One', value: 'shown' }];
    await call('httpPost', {
      url: `${origin}/status/201?key=hidden-1`,
      data: { a: 1 },
      connection,
      headers,
      debugRequest: 'true',
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/"method":"POST".*"X-One":"shown".*"Authorization":"\[redacted\]".*\\"a\\":1/);
    expect(lines[1]).toContain('"status":201');
    expect(lines.join()).not.toMatch(new RegExp(`pass-word-1|hidden-1|${btoa('ann:pass-word-1')}`));
  });
});
