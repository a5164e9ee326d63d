import { Agent, request } from 'undici';
import type { Env } from '../config/env';
import {
  type BoardingCall,
  encodeSaid,
  type Pushed,
  SIGNATURE_HEADER,
  signPush,
} from '../services/executions/accept/origin-push';

/** Workers call many times a second: `request` takes a third of what `fetch` does. */
const agent = new Agent({ connect: { timeout: 2000 } });

/**
 * Says something to the API process at that origin, signed as a worker of this stack. Resolves with its answer's text,
 * null where it refuses; rejects when nothing comes for about `limitMs`, or when `signal` is aborted.
 */
export async function callOrigin(
  env: Env,
  { origin, path, limitMs, signal }: { origin: string; path: string; limitMs: number; signal?: AbortSignal },
  said: Pushed | BoardingCall,
): Promise<string | null> {
  const body = encodeSaid(said);
  const answer = await request(`${origin}${path}`, {
    dispatcher: agent,
    method: 'POST',
    headers: { [SIGNATURE_HEADER]: signPush(env, body) },
    body,
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    ...(signal && { signal }),
  });
  const text = await answer.body.text();
  return answer.statusCode < 300 ? text : null;
}
