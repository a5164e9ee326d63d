import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** Bytes of the salt that stands at the head of every payload. */
export const SALT_BYTES = 16;

/** Keeps the key apart from those that the same configured key is used for elsewhere. */
const PURPOSE = 'tenon temporal payloads';
/** A key may meet this many random nonces of 12 bytes before two equal ones become likely enough to matter. */
const PAYLOADS_PER_KEY = 2 ** 32;
/** Each process that ever wrote brings one salt or more; those not met lately are derived again. */
const KEPT_KEYS = 1000;

/** A key for payloads, and what the payload must say for its readers to find it. */
export interface PayloadKey {
  id: string;
  salt: Buffer;
  key: KeyObject;
}

export interface PayloadKeys {
  /** The key of this process. */
  current(): PayloadKey;
  /** The key that a payload names, or undefined when its id is not among those configured. */
  find(id: string, salt: Buffer): KeyObject | undefined;
}

/**
 * The keys for payloads, from `id:base64key[,id:base64key…]`: the first one encrypts, all of them decrypt.
 * Each process derives a key of its own with a random salt, so that a busy stack never uses one up.
 */
export function createPayloadKeys(configured: string): PayloadKeys {
  const roots = new Map(configured.split(',').map(readKey));
  const [currentId] = roots.keys();
  if (currentId === undefined) throw new Error('No encryption key is configured.');
  const known = new Map<string, KeyObject>();
  const find = (id: string, salt: Buffer): KeyObject | undefined => {
    const root = roots.get(id);
    if (root === undefined) return undefined;
    const name = `${id}.${salt.toString('latin1')}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const derived = derive(root, salt);
    if (known.size >= KEPT_KEYS) known.delete(known.keys().next().value ?? '');
    known.set(name, derived);
    return derived;
  };
  let left = 0;
  let present: PayloadKey;
  return {
    find,
    current() {
      if (left === 0) {
        const salt = randomBytes(SALT_BYTES);
        present = { id: currentId, salt, key: derive(roots.get(currentId) ?? Buffer.alloc(0), salt) };
        left = PAYLOADS_PER_KEY;
      }
      left -= 1;
      return present;
    },
  };
}

function readKey(entry: string): [id: string, key: Buffer] {
  const at = entry.indexOf(':');
  const key = Buffer.from(entry.slice(at + 1), 'base64');
  if (at < 1 || key.length !== 32)
    throw new Error('An encryption key must be given as id:base64-of-32-bytes.');
  return [entry.slice(0, at), key];
}

function derive(root: Buffer, salt: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', root, salt, PURPOSE, 32)));
}
