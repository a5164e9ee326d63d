import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { action } from '@prismatic-io/spectral';
import {
  bytesOf,
  choiceInput,
  codeInput,
  dataInput,
  keyInput,
  read,
  readAs,
  written,
  writtenAs,
} from './inputs';

const HASHES = ['sha256', 'sha384', 'sha512', 'sha1'] as const;
const hash = choiceInput('Hash Function', HASHES, 'sha1 is there for other systems that know no other.');
const publicKey = keyInput('Public Key', 'A public key or certificate in PEM format.');
const privateKey = keyInput('Private Key', 'A private key in PEM format, without a passphrase.');
const OAEP = constants.RSA_PKCS1_OAEP_PADDING;

/** Keys of definitions often hold `\n` in place of line breaks. */
function keyOf(label: string, text: string, create: (pem: string) => KeyObject): KeyObject {
  try {
    return create(text.replaceAll('\\n', '\n'));
  } catch {
    // OpenSSL's reason says little, and might quote the key.
    throw new Error(`${label} is no key in PEM format (-----BEGIN …), or it has a passphrase.`);
  }
}
const publicKeyOf = (text: string) => keyOf('Public Key', text, createPublicKey);
const privateKeyOf = (text: string) => keyOf('Private Key', text, createPrivateKey);

function ofRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new Error(`The key must be of RSA, got ${String(key.asymmetricKeyType)}.`);
}

export const encryptRsa = action({
  display: { label: 'Encrypt (RSA)', description: 'Encrypts a little data with a public key, by RSA-OAEP.' },
  inputs: { data: dataInput, publicKey, hashFunction: hash, writtenAs },
  perform: async (_context, { data, publicKey: pem, hashFunction, writtenAs: as }) => {
    const key = ofRsa(publicKeyOf(pem));
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    const most = bits / 8 - 2 * ({ sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[hashFunction] ?? 64) - 2;
    if (data.length > most)
      throw new Error(
        `Data has ${data.length} bytes; this key encrypts ${most} at most. Encrypt it with AES.`,
      );
    const encrypted = publicEncrypt({ key, padding: OAEP, oaepHash: hashFunction }, data);
    if (as === 'binary') return { data: encrypted, contentType: 'application/octet-stream' };
    return { data: written(encrypted, as) };
  },
});

export const decryptRsa = action({
  display: {
    label: 'Decrypt (RSA)',
    description: 'Decrypts what was encrypted with the public key, by RSA-OAEP.',
  },
  inputs: {
    encrypted: codeInput('Encrypted', 'What the encryption gave.'),
    privateKey,
    hashFunction: hash,
    writtenAs,
    readAs,
  },
  perform: async (_context, { encrypted, privateKey: pem, hashFunction, writtenAs: form, readAs: as }) => {
    const key = ofRsa(privateKeyOf(pem));
    const given = bytesOf('Encrypted', encrypted, form);
    let bytes: Buffer;
    try {
      bytes = privateDecrypt({ key, padding: OAEP, oaepHash: hashFunction }, given);
    } catch {
      throw new Error('The data cannot be decrypted: the key or the hash function is another one.');
    }
    return read(bytes, as);
  },
});

/** Ed25519 brings a hash function of its own. */
const hashFor = (key: KeyObject, name: string): string | null =>
  key.asymmetricKeyType === 'ed25519' ? null : name;

export const sign = action({
  display: { label: 'Sign', description: 'Signs data with a private key (RSA, EC or Ed25519).' },
  inputs: { data: dataInput, privateKey, hashFunction: hash, writtenAs },
  perform: async (_context, { data, privateKey: pem, hashFunction, writtenAs: as }) => {
    const key = privateKeyOf(pem);
    const signature = signBytes(hashFor(key, hashFunction), data, key);
    if (as === 'binary') return { data: signature, contentType: 'application/octet-stream' };
    return { data: written(signature, as) };
  },
});

export const verify = action({
  display: { label: 'Verify', description: 'Says whether a signature belongs to data: true or false.' },
  inputs: {
    data: dataInput,
    signature: codeInput('Signature', 'What the signing gave.'),
    publicKey,
    hashFunction: hash,
    writtenAs,
  },
  perform: async (_context, { data, signature, publicKey: pem, hashFunction, writtenAs: as }) => {
    const key = publicKeyOf(pem);
    return { data: verifyBytes(hashFor(key, hashFunction), data, key, bytesOf('Signature', signature, as)) };
  },
});

export const generateKey = action({
  display: { label: 'Generate Key', description: 'A new random key for AES: 32 bytes.' },
  inputs: { writtenAs },
  perform: async (_context, { writtenAs: as }) => {
    const key = randomBytes(32);
    if (as === 'binary') return { data: key, contentType: 'application/octet-stream' };
    return { data: written(key, as) };
  },
});

const BITS = ['2048', '3072', '4096'] as const;

export const generateRsaKeyPair = action({
  display: { label: 'Generate RSA Key Pair', description: 'A new pair of keys, in PEM format.' },
  inputs: { bits: choiceInput('Bits', BITS, 'Length of the keys.') },
  perform: async (_context, { bits }) => ({
    data: await promisify(generateKeyPair)('rsa', {
      modulusLength: Number(bits),
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }),
  }),
});
