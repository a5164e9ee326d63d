import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Keyed hashes of texts, as the sealer's keys make them. */
export interface Digests {
  /** A keyed hash, `keyId.hash`: without the key nobody can try out which text it is of. */
  digest(text: string): string;
  /** Whether the digest is of that text, in constant time; false when its key is not among those configured. */
  isDigestOf(digest: string, text: string): boolean;
}

/** The first key makes digests; all of them know theirs. Keys are derived: none is used for two purposes. */
export function createDigests(keys: readonly (readonly [id: string, key: Buffer])[]): Digests {
  const derived = new Map(
    keys.map(([id, key]) => [id, Buffer.from(hkdfSync('sha256', key, '', 'tenon digests', 32))]),
  );
  const hashWith = (id: string, text: string): Buffer | undefined => {
    const key = derived.get(id);
    return key && createHmac('sha256', key).update(text).digest();
  };
  const [currentId = ''] = keys[0] ?? [];
  return {
    digest: (text) => `${currentId}.${hashWith(currentId, text)?.toString('base64url') ?? ''}`,
    isDigestOf(digest, text) {
      const [id = '', given = ''] = digest.split('.');
      const [hash, expected] = [hashWith(id, text), Buffer.from(given, 'base64url')];
      return hash?.length === expected.length && timingSafeEqual(hash, expected);
    },
  };
}
