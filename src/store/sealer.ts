import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts what must not lie readable in the database (AES-256-GCM). */
export interface Sealer {
  /** `keyId.nonce.tag.ciphertext`, each part but the first in base64url. */
  seal(text: string): string;
  /** Throws when the text was changed, or when its key is not among those configured. */
  open(sealed: string): string;
}

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
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [
        currentId,
        ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url')),
      ].join('.');
    },
    open(sealed) {
      const [id = '', nonce = '', tag = '', body = ''] = sealed.split('.');
      const key = byId.get(id);
      if (!key) throw new Error(`A secret was sealed with key '${id}', which is not configured.`);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return decipher.update(Buffer.from(body, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
