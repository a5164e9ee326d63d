import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createDigests, type Digests } from './digests';

/** Encrypts what must not lie readable in the database (AES-256-GCM). */
export interface Sealer extends Digests {
  /** `keyId.nonce.tag.ciphertext`, each part but the first in base64url. */
  seal(text: string): string;
  /** Throws when the text was changed, or when its key is not among those configured. */
  open(sealed: string): string;
  /** The same for bytes: the length of the key's id, the id, nonce, tag, ciphertext. */
  sealBytes(bytes: Uint8Array): Buffer;
  /** As {@link Sealer.open}. */
  openBytes(sealed: Uint8Array): Buffer;
}

const NONCE_BYTES = 12;
/** A shorter tag would be accepted by default, and is easier to guess. */
const TAG_BYTES = 16;

/**
 * Makes a sealer from `id:base64key[,id:base64key…]`. The first key seals; all of them open, which lets keys
 * be rotated: put the new one in front and keep the old one until everything was sealed anew.
 */
export function createSealer(keys: string): Sealer {
  const entries = keys.split(',').map((entry) => {
    const at = entry.indexOf(':');
    return [entry.slice(0, at), Buffer.from(entry.slice(at + 1), 'base64')] as const;
  });
  const byId = new Map(entries);
  const [currentId, currentKey] = entries[0] ?? [];
  if (currentId === undefined || currentKey === undefined)
    throw new Error('No encryption key is configured.');
  const encrypt = (plain: Uint8Array) => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', currentKey, nonce);
    // In this mode all of the text comes out of the first call.
    const body = cipher.update(plain);
    cipher.final();
    return { nonce, tag: cipher.getAuthTag(), body };
  };
  const decrypt = (id: string, nonce: Uint8Array, tag: Uint8Array, body: Uint8Array): Buffer => {
    const key = byId.get(id);
    if (!key) throw new Error(`A secret was sealed with key '${id}', which is not configured.`);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    const plain = decipher.update(body);
    decipher.final();
    return plain;
  };
  return {
    ...createDigests(entries),
    seal(text) {
      const { nonce, tag, body } = encrypt(Buffer.from(text));
      return [currentId, ...[nonce, tag, body].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed) {
      const [id = '', ...parts] = sealed.split('.');
      const [nonce, tag, body] = [0, 1, 2].map((at) => Buffer.from(parts[at] ?? '', 'base64url'));
      return decrypt(id, nonce!, tag!, body!).toString('utf8');
    },
    sealBytes(bytes) {
      const { nonce, tag, body } = encrypt(bytes);
      const id = Buffer.from(currentId);
      return Buffer.concat([Buffer.of(id.length), id, nonce, tag, body]);
    },
    openBytes(sealed) {
      const at = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const nonceAt = 1 + (at[0] ?? 0);
      const tagAt = nonceAt + NONCE_BYTES;
      const bodyAt = tagAt + TAG_BYTES;
      return decrypt(
        at.toString('utf8', 1, nonceAt),
        at.subarray(nonceAt, tagAt),
        at.subarray(tagAt, bodyAt),
        at.subarray(bodyAt),
      );
    },
  };
}
