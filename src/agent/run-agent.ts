import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentOptions } from './agent-options';
import { runSession } from './agent-session';

const FIRST_DELAY_MS = 500;
const MOST_DELAY_MS = 30_000;

/** Keeps an agent connected until it is asked to stop, and answers the exit code. */
export async function runAgent(
  options: AgentOptions,
  { stopping, say }: { stopping: AbortSignal; say: (line: string) => void },
): Promise<number> {
  const agentId = randomUUID();
  const { url, target } = options;
  if (url.protocol === 'http:') say('warning: the connection is not encrypted; use an https URL');
  let delayMs = FIRST_DELAY_MS;
  while (!stopping.aborted) {
    const onConnected = () => {
      delayMs = FIRST_DELAY_MS;
      say(`connected to ${url.origin} for ${target.host}:${target.port}`);
    };
    const { kind, reason } = await runSession(options, { agentId, onConnected, stopping });
    if (kind === 'refused') {
      say(`the token is refused, so it ends: ${reason}`);
      return 1;
    }
    if (stopping.aborted) break;
    // Agents that lost the same server do not come back in the same moment.
    const waitMs = Math.round(delayMs * (0.5 + Math.random() / 2));
    say(`not connected: ${reason}; next try in ${waitMs} ms`);
    delayMs = Math.min(2 * delayMs, MOST_DELAY_MS);
    await sleep(waitMs, undefined, { signal: stopping }).catch(() => undefined);
  }
  say('stopped');
  return 0;
}
