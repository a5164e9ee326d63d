import type { Env } from '../config/env';
import { SIGNATURE_HEADER, signPush } from '../services/executions/accept/origin-push';

/**
 * Says something to the API process at that origin, signed as a worker of this stack. Rejects when no answer comes within
 * `limitMs`; its body is the caller's to read.
 */
export function callOrigin(
  env: Env,
  { origin, path, limitMs }: { origin: string; path: string; limitMs: number },
  said: unknown,
): Promise<Response> {
  const body = JSON.stringify(said);
  return fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { [SIGNATURE_HEADER]: signPush(env, body) },
    body,
    signal: AbortSignal.timeout(limitMs),
  });
}
