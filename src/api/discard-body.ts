import type { IncomingMessage } from 'node:http';

/** How long a refused sender may go on sending. */
const PATIENCE_MS = 10_000;

/**
 * Throws away what is left of a refused request's body: a sender who is still sending gets to see the answer,
 * which closing the connection at once would take from it. One who does not stop is cut off.
 */
export function discardBody(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  const timer = setTimeout(() => req.destroy(), PATIENCE_MS).unref();
  req.once('close', () => clearTimeout(timer));
  req.resume();
}
