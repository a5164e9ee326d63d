import type { FromRunner, ToRunner } from './contract';
import { runsForeignCode } from './foreign-code';
import { isKnown, remember } from './known-code';
import type { Outbox } from './outbox';
import { runCall } from './run-call';

// Taken before component code can replace it.
const inTurn = setImmediate;

/**
 * Begins a call that came. Foreign code that is new here is loaded, and is the most likely to never let go: it begins
 * in a turn of its own, when all is through that came before it and waits for nothing, and has been answered. Other
 * code begins at once, with what came with it: requests that leave together cost less than each by itself.
 */
export function beginCall(message: Extract<ToRunner, { type: 'perform' }>, outbox: Outbox<FromRunner>): void {
  const { id, request } = message;
  const begin = (): void => void runCall(id, request, outbox, message);
  if (!runsForeignCode(request) || isKnown(request)) begin();
  else
    inTurn(() => {
      remember(request);
      outbox.flush();
      begin();
    });
}
