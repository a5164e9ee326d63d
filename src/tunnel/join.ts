import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Lets each of two connections have what the other one receives, until both directions have ended. When one breaks,
 * the other is cut as well, so that nobody takes half of an answer for a whole one.
 */
export function join(one: Duplex, other: Duplex): void {
  connect(one, other);
  connect(other, one);
}

function connect(from: Duplex, to: Duplex): void {
  from.on('error', () => {});
  from.once('close', () => {
    if (!from.readableEnded || !from.writableFinished) cut(to);
  });
  if (from.destroyed) cut(to);
  else from.pipe(to);
}

/** Ends a connection so that its other side sees a failure; of a TCP connection that is a reset. */
export function cut(one: Duplex): void {
  if (one instanceof Socket && !one.destroyed) one.resetAndDestroy();
  else one.destroy();
}
