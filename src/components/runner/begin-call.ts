import type { FromRunner, PerformRequest, ToRunner } from './contract';
import { runsForeignCode } from './foreign-code';
import type { Outbox } from './outbox';
import { runCall } from './run-call';

// Taken before component code can replace it.
const inTurn = setImmediate;

/** Names of code that has run here, oldest first. */
const known = new Set<string>();
const KEPT = 500;

/**
 * Begins a call that came. Foreign code that is new here is loaded, and is the most likely to never let go: it begins
 * in a turn of its own, when all is through that came before it and waits for nothing, and has been answered. Other
 * code begins at once, with what came with it: requests that leave together cost less than each by itself.
 */
export function beginCall(message: Extract<ToRunner, { type: 'perform' }>, outbox: Outbox<FromRunner>): void {
  const { id, request } = message;
  const name = runsForeignCode(request) ? nameOf(request) : undefined;
  const begin = (): void => void runCall(id, request, outbox, message);
  if (name === undefined || known.has(name)) begin();
  else
    inTurn(() => {
      remember(name);
      outbox.flush();
      begin();
    });
}

/** What a step runs: an entry of a package, or the text of its code. */
function nameOf({ bundlePath, component, kind, key, params }: PerformRequest): string {
  const { code } = params;
  return `${bundlePath ?? component.key} ${kind} ${key} ${typeof code === 'string' ? code : ''}`;
}

function remember(name: string): void {
  known.add(name);
  const [oldest] = known;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
}
