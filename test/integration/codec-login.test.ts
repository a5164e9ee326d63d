import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { createEncryptingCodec } from '../../src/temporal/codec/encrypting-codec';
import { encodeJsonPayloads } from '../../src/temporal/codec/payload-json';
import { expectProblem } from '../support/http';
import { aUser } from '../support/services';
import { type System, startSystem } from '../support/system';

const WEB_UI = 'http://127.0.0.1:8233';
const PLAIN = { metadata: { encoding: btoa('json/plain') }, data: btoa('"x"') };

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { TENON_TEMPORAL_UI_URL: WEB_UI }, worker: false });
});
afterAll(async () => {
  await system?.stop();
});

async function decode(headers: Record<string, string>) {
  const codec = createEncryptingCodec(system.env.TENON_ENCRYPTION_KEYS.reveal());
  const response = await fetch(`${system.apiUrl}/codec/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: JSON.stringify({ payloads: await encodeJsonPayloads(codec, [PLAIN]) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as object };
}

describe('a browser with the Temporal Web UI', () => {
  const signIn = (token: string, headers: Record<string, string> = {}) =>
    fetch(`${system.apiUrl}/codec/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ token }),
    });
  const cookieOf = async () => (await signIn(system.accessToken)).headers.getSetCookie()[0]!;
  test('is signed in by a form, with a cookie that no script reads and no other site sends', async () => {
    const form = await fetch(`${system.apiUrl}/codec/login`);
    expect(form.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await form.text()).toContain('name="token"');
    const cookie = await cookieOf();
    expect(cookie).toMatch(/; Path=\/codec; HttpOnly; SameSite=Strict$/);
    // It opens this door only.
    expect(decodeURIComponent(cookie)).not.toContain(system.accessToken);
    const [session = ''] = cookie.split(';');
    const sealed = decodeURIComponent(session.slice('tenon_codec='.length));
    const elsewhere = await fetch(`${system.apiUrl}/api/v1/me`, {
      headers: { authorization: `Bearer ${sealed}` },
    });
    expect(elsewhere.status).toBe(401);
  });

  test('is not signed in with a bad token, by a form of another site, or as somebody without the role', async () => {
    const guest = await aUser(system.deps, system.owner.organizationId, { role: 'guest' });
    for (const [answer, status] of [
      [await signIn('<x>'), 401],
      [await signIn(''), 401],
      [await signIn(await issueAccessToken(system.deps, guest)), 403],
      [await signIn(system.accessToken, { 'sec-fetch-site': 'cross-site' }), 403],
    ] as const) {
      expect(answer.status).toBe(status);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await answer.text()).not.toContain('<x>');
    }
  });

  test('decrypts with its cookie when the Web UI asks, and for no other page', async () => {
    const cookie = (await cookieOf()).split(';')[0]!;
    const answer = await decode({ cookie, origin: WEB_UI });
    expect(answer.body).toEqual({ payloads: [PLAIN] });
    expect(answer.headers.get('access-control-allow-origin')).toBe(WEB_UI);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    for (const headers of [{ cookie }, { cookie, origin: 'http://127.0.0.1:9999' }]) {
      const refused = await decode(headers);
      expectProblem(refused as never, 'forbidden');
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('may send what the Web UI sends, from its origin only', async () => {
    const preflight = (origin: string) =>
      fetch(`${system.apiUrl}/codec/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight(WEB_UI);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')?.toLowerCase()).toMatch(
      /authorization.*content-type.*x-namespace/,
    );
    const refused = await preflight('http://127.0.0.1:9999');
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(refused.headers.get('vary')).toContain('Origin');
  });

  test('is signed out when the user’s tokens are revoked', async () => {
    const admin = await aUser(system.deps, system.owner.organizationId, { role: 'admin' });
    const answer = await signIn(await issueAccessToken(system.deps, admin));
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    expect((await decode({ cookie, origin: WEB_UI })).status).toBe(200);
    await system.deps.store.users.updateOne({ _id: admin._id }, { $inc: { tokenGeneration: 1 } });
    expectProblem((await decode({ cookie, origin: WEB_UI })) as never, 'unauthenticated');
  });
});
