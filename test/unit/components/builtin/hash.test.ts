import { createHmac } from 'node:crypto';
import hash from '../../../../src/components/builtin/hash';
import { callAction, performOf } from './call-component';

const call = callAction(hash);

// Values of published test vectors for "abc".
it.each([
  ['computeMd5', '900150983cd24fb0d6963f7d28e17f72'],
  ['computeSha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['computeSha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['computeSha3-224', 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'],
  ['computeRipemd160', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
  ['computeSm3', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
  ['computeBlake2s256', '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982'],
  ['computeMd5-sha1', '900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717850c26c9cd0d89d'],
])('%s is the function of that name', async (key, expected) => {
  expect(await call(key, { message: 'abc' })).toEqual({ data: expected });
  expect(await call(key, { message: { data: Buffer.from('abc'), contentType: 'text/plain' } })).toEqual({
    data: expected,
  });
});

it('has an action for each function, and those that the server lacks say so', async () => {
  expect(Object.keys(hash.actions)).toHaveLength(21);
  for (const key of Object.keys(hash.actions).filter((name) => !/^computeHmac$/.test(name))) {
    const result = await call(key, { message: 'abc', hashFunction: 'sha512-256' }).catch(
      (error: Error) => error,
    );
    const said = result instanceof Error ? result.message : result['data'];
    expect(said).toMatch(/^[0-9a-f]{32,}$|^The hash function "(md4|whirlpool)" is not offered/);
  }
  await expect(call('computeHash', { message: '', hashFunction: 'crc' })).rejects.toThrow(
    /take one of blake2b512/,
  );
});

it('computes keyed hashes', async () => {
  const params = {
    hashFunction: 'sha256',
    secretKey: Buffer.from('key'),
    message: 'The quick brown fox jumps over the lazy dog',
  };
  const expected = 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8';
  expect(await call('computeHmac', params)).toEqual({ data: expected });
  await expect(call('computeHmac', { ...params, secretKey: '' })).rejects.toThrow('Secret Key is empty.');
});

describe('hmacWebhookTrigger', () => {
  const perform = performOf(hash, 'triggers', 'hmacWebhookTrigger');
  const body = Buffer.from([123, 255, 125]);
  const signature = createHmac('sha256', 'secret').update(body).digest();
  const request = (headers: object, params: object = {}) => {
    const payload = { headers, rawBody: { data: body, contentType: 'application/json' } };
    return perform({}, payload, {
      hmacHeaderName: 'X-Signature',
      secretKey: 'secret',
      hmacHashFunction: '',
      ...params,
    });
  };

  it.each([signature.toString('hex'), `sha256=${signature.toString('hex')}`, signature.toString('base64')])(
    'lets a signed body in: %s',
    async (given) => {
      expect(await request({ 'x-signature': given })).toHaveProperty('payload.rawBody.data', body);
    },
  );

  it('answers as its inputs say', async () => {
    const headers = { 'X-Signature': signature.toString('hex') };
    expect(await request(headers, { statusCode: '202', body: 'ok' })).toHaveProperty('response', {
      statusCode: 202,
      contentType: 'text/plain',
      headers: {},
      body: 'ok',
    });
  });

  it('refuses bodies that are not signed, signed by others or signed in part', async () => {
    await expect(request({})).rejects.toMatchObject({
      message: 'The request has no signature: header "X-Signature" is missing.',
      httpStatus: 401,
    });
    for (const given of [
      '',
      'abc',
      signature.toString('hex').slice(2),
      createHmac('sha256', 'other').update(body).digest('hex'),
    ])
      await expect(request({ 'X-Signature': given })).rejects.toMatchObject({
        message: expect.stringMatching(/does not belong to this body/),
        httpStatus: 401,
      });
  });
});
