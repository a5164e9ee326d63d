import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A third party's service: answers each call with what it got, and remembers all calls. */
export interface EchoServer {
  url: string;
  calls: { method: string; path: string; body: unknown; headers: Record<string, unknown> }[];
  /** How often a path was called. */
  count(path: string): number;
  close(): Promise<void>;
}

export async function startEchoServer(options: { delayMs?: number } = {}): Promise<EchoServer> {
  const calls: EchoServer['calls'] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const body =
        req.headers['content-type']?.includes('json') && text ? (JSON.parse(text) as unknown) : text;
      const path = req.url ?? '';
      calls.push({ method: req.method ?? '', path, body, headers: req.headers });
      void sleep(options.delayMs ?? 0).then(() => {
        res.writeHead(path.startsWith('/fail') ? 500 : 200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ path, body }));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    count: (path) => calls.filter((call) => call.path === path).length,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
