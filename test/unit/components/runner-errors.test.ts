import { ConnectionError } from '@prismatic-io/spectral';
import { describeError } from '../../../src/components/runner/describe-error';
import { secretRedactor } from '../../../src/components/runner/redact-secrets';

const plain = (text: string) => text;
const connection = {
  key: 'basic',
  configVarKey: 'Acme',
  fields: {
    username: 'ann-user',
    password: 'hunter2-secret',
    headerKey: 'X-Api-Key',
    host: 'db.example.com',
  },
  token: { access_token: 'at-123456', refresh_token: 'rt-123456', token_type: 'Bearer' },
};
const redact = secretRedactor({ conn: connection });

describe('describeError', () => {
  it('mask secrets before they cut the answer, so that no half of one stays', () => {
    const secret = 'CANARY-0123456789abcdef0123456789abcdef';
    const redact = (text: string) => text.replaceAll(secret, '[redacted]');
    const data = `${'x'.repeat(970)}${secret}`;
    const config = { url: 'https://api.example.com/' };
    const failures = [
      { isAxiosError: true, config, response: { status: 400, statusText: 'Bad', data } },
      { status: 400, data },
    ];
    for (const failure of failures) {
      const described = JSON.stringify(describeError(Object.assign(new Error('refused'), failure), redact));
      expect(described).toContain('[redacted]');
      expect(described).not.toContain('CANARY');
    }
  });

  it('tells an HTTP failure by method, address, status and the beginning of the answer, and nothing more', () => {
    const thrown = Object.assign(new Error('Request failed with status code 403'), {
      isAxiosError: true,
      config: {
        method: 'post',
        url: 'https://me:pw@api.example.com/v1/items?api_key=topsecret#f',
        headers: { Authorization: 'Bearer topsecret' },
        data: 'topsecret',
      },
      request: { header: 'topsecret' },
      response: {
        status: 403,
        statusText: 'Forbidden',
        data: { error: 'no' },
        headers: { 'set-cookie': 'topsecret' },
      },
    });
    const error = describeError(thrown, plain);
    expect(error).toMatchObject({
      code: 'component_error',
      message: 'POST https://api.example.com/v1/items answered 403 Forbidden: {"error":"no"}',
      details: {
        method: 'POST',
        url: 'https://api.example.com/v1/items',
        status: 403,
        body: '{"error":"no"}',
      },
    });
    expect(JSON.stringify(error)).not.toMatch(/topsecret|me:pw/);
  });

  it('reads an axios client with a base URL and an answer in bytes', () => {
    const config = { method: 'get', url: '/items?x=1', baseURL: 'https://api.example.com/v2/' };
    const thrown = { isAxiosError: true, config, response: { status: 500, data: Buffer.from('boom') } };
    expect(describeError(thrown, plain).message).toBe(
      'GET https://api.example.com/v2/items answered 500: boom',
    );
    const silent = {
      isAxiosError: true,
      message: 'connect ECONNREFUSED 127.0.0.1:1',
      code: 'ECONNREFUSED',
      config,
    };
    expect(describeError(silent, plain).message).toBe(
      'GET https://api.example.com/v2/items failed: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it('marks a connection error and never shows the connection', () => {
    const error = describeError(new ConnectionError(connection, 'Login as ann-user failed'), plain);
    expect(error).toMatchObject({ isConnectionError: true, message: 'Login as ann-user failed' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(describeError(new Error('x'), plain).isConnectionError).toBeUndefined();
  });

  it('drops what may hold credentials from thrown objects', () => {
    const thrown = {
      reason: 'no',
      headers: { a: 'topsecret' },
      config: 'topsecret',
      deep: { token: 'topsecret' },
    };
    expect(describeError(thrown, plain).message).toBe('{"reason":"no","deep":{}}');
  });

  it('masks secrets of the connections, plain and as basic authentication sends them', () => {
    const basic = Buffer.from('ann-user:hunter2-secret').toString('base64');
    const error = describeError(new Error(`ann-user hunter2-secret ${basic} at-123456 rt-123456`), redact);
    expect(error.message).toBe('ann-user [redacted] [redacted] [redacted] [redacted]');
    expect(error.stack).not.toContain('hunter2');
    expect(redact('db.example.com X-Api-Key')).toBe('db.example.com X-Api-Key');
  });

  it.each([
    ['text', 'text'],
    [undefined, 'The component threw nothing that says why.'],
    [10n, '10n'],
    [Symbol('s'), 'Symbol(s)'],
    [
      { message: 'from a hook', status: 404, data: { why: 'gone' }, headers: { a: 1 } },
      'from a hook: {"why":"gone"}',
    ],
    [
      new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED ::1:1') }),
      'fetch failed: connect ECONNREFUSED ::1:1',
    ],
    [new AggregateError([new Error('a'), new Error('b')]), 'a; b'],
  ])('%p becomes %p', (thrown, message) => {
    expect(describeError(thrown, plain).message).toBe(message);
  });

  it.each([
    ['', 'Component code may not write to /etc/x: it may write only below os.tmpdir().'],
    [
      ' (line 2 of the code)',
      'Component code may not write to /etc/x: it may write only below os.tmpdir(). (line 2 of the code)',
    ],
    [
      '. Use --allow-fs-write to manage permissions.',
      'Component code may not write to /etc/x: it may write only below os.tmpdir().',
    ],
  ])('names the file that Node refuses, whatever stands behind its words (%j)', (behind, message) => {
    const thrown = Object.assign(new Error(`Access to this API has been restricted${behind}`), {
      code: 'ERR_ACCESS_DENIED',
      permission: 'FileSystemWrite',
      resource: '/etc/x',
    });
    expect(describeError(thrown, plain).message).toBe(message);
  });

  it('cuts long messages and survives circular objects', () => {
    expect(describeError(new Error('x'.repeat(20_000)), plain).message).toHaveLength(8_000);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(describeError(circular, plain).message).toBe('an object that cannot be shown');
  });
});
