import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const OFFER_ONLY = new Set(['upgrade', 'http2-settings']);

/**
 * Serves a request that offers another protocol as the request that it is: clients such as Java's offer HTTP/2 with
 * each, and Node hands all of these over to whoever takes WebSockets. The offer is left out, as RFC 9110 (7.8) allows.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (OFFER_ONLY.has(name.toLowerCase())) continue;
    const isOffered = (one: string) => OFFER_ONLY.has(one.trim().toLowerCase());
    const kept = value.split(',').filter((one) => !isOffered(one));
    if (name.toLowerCase() !== 'connection') lines.push(`${name}: ${value}`);
    else if (kept.length > 0) lines.push(`${name}: ${kept.join()}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
  socket.resume();
}
