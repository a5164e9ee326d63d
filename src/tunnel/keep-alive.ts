import type { WebSocket } from 'ws';

/** Below the minute after which proxies give up connections on which nothing moves. */
const PING_EVERY_MS = 10_000;

/** Keeps a connection in use and cuts it when nothing was heard for 10 to 20 s: no other sign may come of its end. */
export function keepAlive(socket: WebSocket): void {
  let isHeard = true;
  for (const sign of ['ping', 'pong', 'message'] as const) socket.on(sign, () => (isHeard = true));
  const timer = setInterval(() => {
    if (!isHeard) return socket.terminate();
    isHeard = false;
    socket.ping();
  }, PING_EVERY_MS);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}
