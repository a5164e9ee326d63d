import { createHmac, hkdfSync } from 'node:crypto';
import type { Env } from '../../config/env';

/**
 * A digest that only this installation can make, in base64url: signs what browsers carry, and tells whether secret
 * settings changed without keeping them. Digests of one purpose are worth nothing for another.
 */
export function keyedDigest(
  env: Env,
  purpose: 'ticket' | 'state' | 'settings' | 'page',
  text: string,
): string {
  return createHmac('sha256', keyOf(env, purpose)).update(text).digest('base64url');
}

const keys = new WeakMap<Env, Map<string, Buffer>>();

function keyOf(env: Env, purpose: string): Buffer {
  const known = keys.get(env) ?? new Map<string, Buffer>();
  keys.set(env, known);
  const found = known.get(purpose);
  if (found) return found;
  const key = Buffer.from(
    hkdfSync('sha256', env.TENON_JWT_SECRET.reveal(), '', `tenon connections: ${purpose}`, 32),
  );
  known.set(purpose, key);
  return key;
}
