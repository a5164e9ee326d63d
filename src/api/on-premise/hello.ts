import type { WebSocket } from 'ws';
import { HELLO } from '../../tunnel/frames';

/** An agent says hello at once; a connection that says something else, or nothing for so long, is none of an agent. */
const LIMIT_MS = 10_000;

/** Waits for an agent's hello; answers what came instead. */
export function missingHello(socket: WebSocket): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('no hello came within 10 s'), LIMIT_MS);
    socket.once('message', (data: Buffer, isBinary) => {
      const isHello = !isBinary && data.toString() === HELLO;
      resolve(isHello ? undefined : 'an agent begins with its hello');
    });
    socket.once('close', () => resolve('the connection was lost'));
    for (const sign of ['message', 'close'] as const) socket.once(sign, () => clearTimeout(timer));
  });
}
