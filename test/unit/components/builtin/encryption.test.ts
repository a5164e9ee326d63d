import { createDecipheriv, generateKeyPairSync, scryptSync } from 'node:crypto';
import encryption from '../../../../src/components/builtin/encryption';
import { callAction } from './call-component';

const call = callAction(encryption);
const secretBytes = Buffer.from([0, 255, 1, 254]);
const key = Buffer.alloc(32, 7).toString('base64');
type Encrypted = Record<'encrypted' | 'iv' | 'authTag' | 'salt', string>;
const encrypt = async (params: object) => (await call('encryptAes', { key, ...params }))['data'] as Encrypted;

describe('AES', () => {
  it.each(['aes-256-gcm', 'aes-256-cbc'])(
    '%s gives back what it encrypted, by key and by passphrase',
    async (mode) => {
      for (const secret of [{ key }, { key: Buffer.alloc(32, 9) }, { key: '', passphrase: 'open' }])
        for (const writtenAs of ['base64', 'hex', 'binary']) {
          const parts = await encrypt({ data: 'süß', mode, writtenAs, ...secret });
          expect(await call('decryptAes', { ...parts, mode, writtenAs, ...secret })).toEqual({ data: 'süß' });
        }
    },
  );

  it('keeps bytes bytes', async () => {
    const parts = await encrypt({ data: { data: secretBytes, contentType: 'image/png' }, mode: '' });
    expect(await call('decryptAes', { ...parts, key, readAs: 'binary' })).toEqual({
      data: secretBytes,
      contentType: 'application/octet-stream',
    });
    await expect(call('decryptAes', { ...parts, key })).rejects.toThrow(/no text in UTF-8/);
  });

  it('is what other systems read', async () => {
    const { encrypted, iv, authTag, salt } = await encrypt({ data: 'x', key: '', passphrase: 'open' });
    const bytes = (text: string) => Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', scryptSync('open', bytes(salt), 32), bytes(iv));
    decipher.setAuthTag(bytes(authTag));
    expect(decipher.update(bytes(encrypted), undefined, 'utf8') + decipher.final('utf8')).toBe('x');
  });

  it('takes Base64 that looks like hexadecimal for Base64', async () => {
    await expect(
      call('decryptAes', { encrypted: '', iv: 'abcdabcdabcdabcd', authTag: 'abcd', key }),
    ).rejects.toThrow('Auth Tag must have 16 bytes, got 3.');
  });

  it('encrypts the same data differently each time', async () => {
    expect((await encrypt({ data: 'a' })).iv).not.toBe((await encrypt({ data: 'a' })).iv);
  });

  it('refuses data that was changed, other keys and short tags', async () => {
    const parts = await encrypt({ data: 'text', writtenAs: 'hex' });
    const changed = parts.encrypted.replace(/^../, (byte) => (byte === '00' ? '01' : '00'));
    const refused = /^The data cannot be decrypted/;
    await expect(call('decryptAes', { ...parts, key, writtenAs: 'hex', encrypted: changed })).rejects.toThrow(
      refused,
    );
    await expect(call('decryptAes', { ...parts, writtenAs: 'hex', key: Buffer.alloc(32) })).rejects.toThrow(
      refused,
    );
    await expect(
      call('decryptAes', { ...parts, key, writtenAs: 'hex', authTag: parts.authTag.slice(0, 8) }),
    ).rejects.toThrow('Auth Tag must have 16 bytes, got 4.');
  });

  it.each([
    [{ key: 'abcd' }, 'Key must have 32 bytes, got 3.'],
    [{ key: '' }, 'Give either Key or Passphrase, and not both.'],
    [{ passphrase: 'p' }, 'Give either Key or Passphrase, and not both.'],
    [{ mode: 'des' }, 'Mode must be one of aes-256-gcm, aes-256-cbc, got "des".'],
  ])('says what is wrong with %j', async (params, message) => {
    await expect(encrypt({ data: 'a', ...params })).rejects.toThrow(message);
  });
});

describe('RSA', () => {
  let pair: { publicKey: string; privateKey: string };
  beforeAll(async () => {
    pair = (await call('generateRsaKeyPair', { bits: '2048' }))['data'] as typeof pair;
  });

  it('decrypts what was encrypted with the public key', async () => {
    for (const data of ['text', secretBytes]) {
      const readAs = typeof data === 'string' ? 'text' : 'binary';
      const { data: encrypted } = await call('encryptRsa', { data, publicKey: pair.publicKey });
      const privateKey = pair.privateKey.replaceAll('\n', '\\n');
      expect(await call('decryptRsa', { encrypted, privateKey, readAs })).toHaveProperty('data', data);
    }
  });

  it('says what is wrong', async () => {
    const { publicKey, privateKey } = pair;
    await expect(call('encryptRsa', { data: 'a'.repeat(191), publicKey })).rejects.toThrow(
      /encrypts 190 at most/,
    );
    await expect(call('encryptRsa', { data: 'a', publicKey: 'x' })).rejects.toThrow(
      /^Public Key is no key in PEM/,
    );
    await expect(call('decryptRsa', { encrypted: 'abcd', privateKey })).rejects.toThrow(/^The data cannot/);
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      type: 'spki',
      format: 'pem',
    });
    await expect(call('encryptRsa', { data: 'a', publicKey: ec })).rejects.toThrow(
      'The key must be of RSA, got ec.',
    );
  });

  it('verifies signatures of RSA and Ed25519', async () => {
    const ed = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    for (const { publicKey, privateKey } of [pair, ed]) {
      const { data: signature } = await call('sign', { data: 'a', privateKey });
      expect(await call('verify', { data: 'a', signature, publicKey })).toEqual({ data: true });
      expect(await call('verify', { data: 'b', signature, publicKey })).toEqual({ data: false });
    }
  });
});

it('generates keys that encrypt', async () => {
  const { data: fresh } = await call('generateKey', { writtenAs: 'hex' });
  expect(fresh).toMatch(/^[0-9a-f]{64}$/);
  expect(await encrypt({ data: 'a', key: fresh })).toHaveProperty('encrypted');
});
