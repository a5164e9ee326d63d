import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process that answers each request with its body; tells its parent the port, and on request the connections. */
let connections = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.concat(chunks)),
  );
});
server.keepAliveTimeout = 60_000;
server.on('connection', () => {
  connections += 1;
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ connections }));
process.on('disconnect', () => process.exit(0));
