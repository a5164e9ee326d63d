import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A third party's service whose answers are digests of what it is sent, and which refuses what is below `/fail`. */
export interface DigestServer {
  /** Address of the service for one run. */
  urlOf(run: string): string;
  /** What the steps of a run called, in the order of arrival. */
  callsOf(run: string): string[];
  /** Calls of all runs. */
  count(): number;
  close(): Promise<void>;
}

export async function startDigestServer(delayMs: number): Promise<DigestServer> {
  const calls = new Map<string, string[]>();
  let count = 0;
  const server = createServer((req, res) => {
    const [, run = '', ...rest] = (req.url ?? '').split('/');
    const path = rest.join('/');
    calls.set(run, [...(calls.get(run) ?? []), path]);
    count += 1;
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const n = digestOf(`${path} ${Buffer.concat(chunks).toString()}`);
      void sleep(delayMs).then(() => {
        res.writeHead(path.startsWith('fail/') ? 400 : 200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ n, pick: n % 3 === 0 ? 'no' : 'yes' }));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (run) => `http://127.0.0.1:${port}/${run}`,
    callsOf: (run) => calls.get(run) ?? [],
    count: () => count,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** FNV-1a, 32 bits. */
function digestOf(of: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < of.length; at += 1) hash = Math.imul(hash ^ of.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
