import { createHash, createHmac } from 'node:crypto';

/** Hash functions by the names that definitions use, which are OpenSSL's. */
export const ALGORITHMS = [
  'BLAKE2b512',
  'BLAKE2s256',
  'MD4',
  'MD5',
  'MD5-SHA1',
  'RIPEMD160',
  'SHA1',
  'SHA224',
  'SHA256',
  'SHA3-224',
  'SHA3-256',
  'SHA3-384',
  'SHA3-512',
  'SHA384',
  'SHA512-224',
  'SHA512-256',
  'SHA512',
  'SM3',
  'whirlpool',
] as const;

const NAMES: readonly string[] = ALGORITHMS.map((name) => name.toLowerCase());

/** The hash of a message as hexadecimal text. */
export function hashOf(algorithm: string, message: Uint8Array): string {
  return attempt(algorithm, (name) => createHash(name).update(message).digest('hex'));
}

/** The keyed hash of a message. */
export function hmacOf(algorithm: string, secret: Uint8Array, message: Uint8Array): Buffer {
  if (secret.length === 0) throw new Error('Secret Key is empty.');
  return attempt(algorithm, (name) => createHmac(name, secret).update(message).digest());
}

/** Not every OpenSSL has every function: MD4 and whirlpool are out of its version 3. */
function attempt<T>(given: string, compute: (name: string) => T): T {
  const name = given.trim().toLowerCase();
  if (!NAMES.includes(name))
    throw new Error(
      `The hash function "${given.slice(0, 40)}" is not known; take one of ${NAMES.join(', ')}.`,
    );
  try {
    return compute(name);
  } catch (error) {
    throw new Error(`The hash function "${name}" is not offered by the OpenSSL of this server.`, {
      cause: error,
    });
  }
}
