import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEnv } from '../../../src/config/env';
import type { OauthSettings } from '../../../src/services/connections/oauth-settings';
import { requestToken } from '../../../src/services/connections/request-token';
import type { TokenFailure } from '../../../src/services/connections/token-failure';

/** What the provider answers next, and what it got. */
let answer: { status: number; type: string; body: string };
let got: { headers: Record<string, unknown>; form: Record<string, string> };
let server: Server;
let settings: OauthSettings;
const env = readEnv({
  TENON_MONGODB_URI: 'mongodb://127.0.0.1/x',
  TENON_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  TENON_JWT_SECRET: 'x'.repeat(32),
  TENON_ALLOW_ADDRESSES: 'loopback',
});
const SECRET = 'client-secret-0815';

beforeAll(async () => {
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (data: Buffer) => (text += data.toString()));
    req.on('end', () => {
      got = { headers: req.headers, form: Object.fromEntries(new URLSearchParams(text)) };
      res.writeHead(answer.status, { 'content-type': answer.type });
      res.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  settings = {
    type: 'authorization_code',
    authorizeUrl: '',
    tokenUrl,
    refreshUrl: tokenUrl,
    scopes: 'a b',
    clientId: 'me',
    clientSecret: SECRET,
    headers: { 'x-tenant': 't1', authorization: 'Basic given' },
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const answers = (status: number, body: unknown, type = 'application/json') => {
  answer = { status, type, body: typeof body === 'string' ? body : JSON.stringify(body) };
};
const ask = () => requestToken({ env }, settings, { by: 'refresh', refreshToken: 'refresh-4711' });
const failure = async (): Promise<TokenFailure> => {
  const settled = await Promise.allSettled([ask()]);
  expect(settled[0].status).toBe('rejected');
  return (settled[0] as PromiseRejectedResult).reason as TokenFailure;
};

describe('a token answer', () => {
  it('is taken from odd providers too: no type, a life as text, other data, a form, an unknown type', async () => {
    answers(200, { access_token: 't', expires_in: '60', instance_url: 'https://i', authed_user: { id: 1 } });
    expect(await ask()).toEqual({
      access_token: 't',
      token_type: 'Bearer',
      expires_in: 60,
      instance_url: 'https://i',
      authed_user: { id: 1 },
    });
    answers(200, 'access_token=t&token_type=bearer&scope=a', 'application/x-www-form-urlencoded');
    expect(await ask()).toEqual({ access_token: 't', token_type: 'bearer', scope: 'a' });
    answers(200, { ok: true, access_token: 't', token_type: 'bot', expires_in: null });
    expect(await ask()).toEqual({ ok: true, access_token: 't', token_type: 'bot' });
  });

  it('is asked for with the client’s credentials and the headers of the connection', async () => {
    answers(200, { access_token: 't' });
    await ask();
    expect(got.form).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-4711',
      client_id: 'me',
      client_secret: SECRET,
    });
    expect(got.headers).toMatchObject({
      'x-tenant': 't1',
      authorization: 'Basic given',
      accept: 'application/json',
    });
  });

  it.each([
    [
      'an OAuth error',
      400,
      { error: 'invalid_grant', error_description: 'gone' },
      true,
      'invalid_grant: gone',
    ],
    ['an error with status 200', 200, { ok: false, error: 'bad_code' }, true, 'bad_code'],
    [
      'an OAuth error that passes',
      400,
      { error: 'temporarily_unavailable' },
      false,
      'temporarily_unavailable',
    ],
    ['an OAuth error of a broken server', 500, { error: 'server_error' }, false, 'server_error'],
    ['too many requests', 429, { error: 'invalid_request' }, false, 'invalid_request'],
    ['a page of a proxy', 403, '<html>blocked</html>', false, 'status 403'],
    ['a redirect', 302, '', false, 'status 302'],
    ['an answer without a token', 200, { hello: 1 }, false, 'no access token'],
    ['no JSON', 200, 'null', false, 'no access token'],
    [
      'more than a token can be',
      200,
      `{"access_token":"${'x'.repeat(1_100_000)}"}`,
      false,
      'more than a token',
    ],
  ])('%s is no token, for good or for now', async (_name, status, body, isFinal, said) => {
    answers(status, body);
    const { isFinal: was, message } = await failure();
    expect([was, message]).toEqual([isFinal, expect.stringContaining(said)]);
  });

  it('that repeats our secrets does not show them, not even half of one', async () => {
    // The line is cut within the secret.
    const filler = 'x'.repeat(250);
    answers(400, {
      error: 'invalid_grant',
      error_description: `${filler} ${SECRET} refresh-4711\nsecond line`,
    });
    const { message } = await failure();
    expect(message).not.toMatch(/client-sec|refresh-4|\n/);
    expect(message).toMatch(/ \[redac/);
  });

  it('of nobody is a fault that passes', async () => {
    settings = { ...settings, refreshUrl: 'http://127.0.0.1:1/token' };
    const { isFinal, message } = await failure();
    expect([isFinal, message]).toEqual([false, expect.stringContaining('could not be reached')]);
  });
});
