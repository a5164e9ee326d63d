import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { bytesOf, choiceInput, codeInput, dataInput, read, readAs, written, writtenAs } from './inputs';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const IV_BYTES = { 'aes-256-gcm': 12, 'aes-256-cbc': 16 } as const;
type Mode = keyof typeof IV_BYTES;
const derive = promisify<string, Buffer, number, Buffer>(scrypt);

const mode = choiceInput(
  'Mode',
  Object.keys(IV_BYTES),
  'GCM notices changes of what it has encrypted, CBC does not.',
);

const keyInputs = {
  key: codeInput(
    'Key',
    '32 bytes, or their hexadecimal or Base64 form. Empty when there is a passphrase.',
    false,
  ),
  passphrase: input({
    label: 'Passphrase',
    type: 'string',
    comments: 'Text that the key is derived from by scrypt, in place of a key.',
    clean: cleanText,
  }),
};

/** The key itself, or the one derived from a passphrase with Node's own parameters of scrypt (N 16384, r 8, p 1). */
async function keyOf(given: Buffer | string, passphrase: string, salt: Buffer): Promise<Buffer> {
  if (given.length > 0 === (passphrase !== ''))
    throw new Error('Give either Key or Passphrase, and not both.');
  if (passphrase !== '') return derive(passphrase, salt, KEY_BYTES);
  // The length tells the forms of a key apart.
  const key = bytesOf('Key', given, given.length === 2 * KEY_BYTES ? 'hex' : 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Error(`Key must have ${KEY_BYTES} bytes, got ${key.length}.`);
}

export const encryptAes = action({
  display: { label: 'Encrypt (AES)', description: 'Encrypts data with a key or a passphrase.' },
  inputs: { data: dataInput, ...keyInputs, mode, writtenAs },
  perform: async (_context, { data, key, passphrase, mode: cipherMode, writtenAs: as }) => {
    const name = cipherMode as Mode;
    const salt = randomBytes(SALT_BYTES);
    const iv = randomBytes(IV_BYTES[name]);
    const secret = await keyOf(key, passphrase, salt);
    const { encrypted, authTag } = sealed(name, secret, iv, data);
    return {
      data: {
        encrypted: written(encrypted, as),
        iv: written(iv, as),
        ...(authTag === undefined ? {} : { authTag: written(authTag, as) }),
        ...(passphrase === '' ? {} : { salt: written(salt, as) }),
      },
    };
  },
});

function sealed(name: Mode, key: Buffer, iv: Buffer, data: Buffer): { encrypted: Buffer; authTag?: Buffer } {
  if (name === 'aes-256-cbc') {
    const cipher = createCipheriv(name, key, iv);
    return { encrypted: Buffer.concat([cipher.update(data), cipher.final()]) };
  }
  const cipher = createCipheriv(name, key, iv);
  const encrypted = Buffer.concat([cipher.update(data), cipher.final()]);
  return { encrypted, authTag: cipher.getAuthTag() };
}

export const decryptAes = action({
  display: { label: 'Decrypt (AES)', description: 'Decrypts what was encrypted with a key or a passphrase.' },
  inputs: {
    encrypted: codeInput('Encrypted', 'What the encryption gave.'),
    iv: codeInput('IV', 'The initialization vector that they were encrypted with.'),
    authTag: codeInput('Auth Tag', 'GCM only: the authentication tag.', false),
    salt: codeInput('Salt', 'Passphrases only: the salt that the key was derived with.', false),
    ...keyInputs,
    mode,
    writtenAs,
    readAs,
  },
  perform: async (_context, { key, passphrase, mode: cipherMode, readAs: as, ...params }) => {
    const name = cipherMode as Mode;
    const of = (label: string, code: Buffer | string) => bytesOf(label, code, params.writtenAs);
    const iv = of('IV', params.iv);
    const authTag = of('Auth Tag', params.authTag);
    const salt = of('Salt', params.salt);
    if (iv.length !== IV_BYTES[name])
      throw new Error(`IV must have ${IV_BYTES[name]} bytes, got ${iv.length}.`);
    // A shorter tag would be easier to forge.
    if (name === 'aes-256-gcm' && authTag.length !== TAG_BYTES)
      throw new Error(`Auth Tag must have ${TAG_BYTES} bytes, got ${authTag.length}.`);
    if (passphrase !== '' && salt.length === 0) throw new Error('Salt is empty: a passphrase needs it.');
    const secret = await keyOf(key, passphrase, salt);
    return read(opened(name, secret, iv, authTag, of('Encrypted', params.encrypted)), as);
  },
});

function opened(name: Mode, key: Buffer, iv: Buffer, authTag: Buffer, encrypted: Buffer): Buffer {
  try {
    if (name === 'aes-256-cbc') {
      const decipher = createDecipheriv(name, key, iv);
      return Buffer.concat([decipher.update(encrypted), decipher.final()]);
    }
    const decipher = createDecipheriv(name, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(authTag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw new Error('The data cannot be decrypted: the key is another one, or the data was changed.');
  }
}
