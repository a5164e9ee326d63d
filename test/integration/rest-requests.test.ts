import { issueAccessToken } from '../../src/services/access-tokens/issue-access-token';
import { restCaller } from '../support/http';
import { type Fault, type RestSubject, startRestSubject } from '../support/rest-subject';
import { aUser } from '../support/services';

describe('a request to the REST API', () => {
  let subject: RestSubject;
  let system: RestSubject['system'];
  let rest: RestSubject['rest'];
  let ids: RestSubject['ids'];

  beforeAll(async () => {
    subject = await startRestSubject();
    ({ system, rest, ids } = subject);
  });
  afterAll(() => subject?.system.stop());

  test('answers 401 to every form of a bad token, before it reads the body', async () => {
    const user = await aUser(system.deps, system.owner.organizationId, { role: 'admin' });
    const revoked = await issueAccessToken(system.deps, user);
    await system.deps.store.users.updateOne({ _id: user._id }, { $inc: { tokenGeneration: 1 } });
    const gone = await aUser(system.deps, system.owner.organizationId, { role: 'admin' });
    const orphan = await issueAccessToken(system.deps, gone);
    await system.deps.store.users.deleteOne({ _id: gone._id });
    const [head, claims, signature] = system.accessToken.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad: Record<string, string | undefined> = {
      missing: undefined,
      empty: 'Bearer ',
      undefined: 'Bearer undefined',
      basic: `Basic ${Buffer.from('a:b').toString('base64')}`,
      unsigned: `Bearer ${none}.${claims}.`,
      changed: `Bearer ${head}.${claims}.${signature!.split('').toReversed().join('')}`,
      expired: `Bearer ${await issueAccessToken(system.deps, system.owner, -5)}`,
      revoked: `Bearer ${revoked}`,
      orphan: `Bearer ${orphan}`,
    };
    const caller = restCaller(system.apiUrl);
    for (const [kind, authorization] of Object.entries(bad)) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await caller('POST', '/customers', '{"name":', headers);
      expect([kind, answer.status]).toEqual([kind, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('names every bad field, those inside lists too, and refuses what is not JSON', async () => {
    const nested = await rest<Fault>('PUT', `/instances/${ids.instance}/config-variables`, {
      configVariables: [{ key: 'Region', valeu: 'x' }, { value: 7 }],
    });
    expect(nested.body.errors.map(({ field }) => field).toSorted()).toEqual([
      'configVariables.0.valeu',
      'configVariables.1.key',
      'configVariables.1.value',
    ]);
    const values = await rest<Fault>('PUT', `/instances/${ids.instance}/config-variables`, {
      configVariables: [{ key: 'Nothing' }, { key: 'Neither', value: 'x' }],
    });
    expect(values).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    for (const name of ['Nothing', 'Neither']) expect(JSON.stringify(values.body)).toContain(name);
    const unread = await rest<Fault>('POST', '/customers', 'name=x', { 'content-type': 'text/plain' });
    expect(unread).toMatchObject({ status: 400, body: { detail: expect.stringContaining('JSON') } });
    // The hint speaks of the list, so something is in it.
    const cut = await rest<Fault>('POST', '/customers', '{"name": "Nova"');
    expect(cut).toMatchObject({ status: 400, body: { errors: [{ field: '__all__' }] } });
    expect(cut.body.detail).toContain('is not JSON');
    for (const body of ['[]', '7', '"text"', 'null']) {
      expect((await rest('POST', '/customers', body)).status).toBe(400);
    }
    const needless = await rest<Fault>('POST', `/instances/${ids.instance}/enable`, { extra: 1 });
    expect(needless).toMatchObject({ status: 400, body: { errors: [{ field: 'extra' }] } });
    expect((await rest('GET', '/customers/%E0%A4%A')).status).toBe(400);
  });

  test('repeats the caller’s request id, and makes its own where that is not a plain word', async () => {
    const given = await rest('GET', '/me', undefined, { 'x-request-id': 'order-77.a' });
    expect(given.headers.get('x-request-id')).toBe('order-77.a');
    const strange = await rest('GET', '/me', undefined, { 'x-request-id': 'a b"c' });
    expect(strange.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(given.headers.get('x-powered-by')).toBeNull();
    expect(given.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
