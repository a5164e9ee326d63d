import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A company's proxy. It answers plain requests by itself, and opens no tunnels. */
export interface CanaryProxy {
  /** `host:port`. */
  address: string;
  /** What it was sent as `Proxy-Authorization`, by what it was asked for. */
  asked: [what: string, authorization: string][];
  close(): void;
}

export async function startCanaryProxy(): Promise<CanaryProxy> {
  const asked: CanaryProxy['asked'] = [];
  const server = createServer((request, response) => {
    asked.push([`${request.method} ${request.url}`, request.headers['proxy-authorization'] ?? '']);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"by":"the proxy"}');
  });
  server.on('connect', (request, socket) => {
    asked.push([`CONNECT ${request.url}`, request.headers['proxy-authorization'] ?? '']);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
