import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of the service: its rows, and whether it is the last one. */
export interface Page {
  rows: string[];
  isLast: 'yes' | 'no';
}

/** A third party's service of pages that holds the first call of each gate until its caller is gone. */
export interface GatedServer {
  url: string;
  /** How often a path was called. */
  count(path: string): number;
  /** Paths below this one that were called, each once. */
  pathsBelow(path: string): number;
  /** Whether somebody stands before the gate. */
  isHeld(gate: string): boolean;
  close(): Promise<void>;
}

/** `pages`: the number of pages that there are; a path that ends in `/gate` is one. */
export async function startGatedServer(pages: number): Promise<GatedServer> {
  const counts = new Map<string, number>();
  const held = new Map<string, ServerResponse>();
  const answer = (path: string, res: ServerResponse) => {
    const number = path.match(/^\/page\/(\d+)/)?.[1];
    const page: Page = {
      rows: [`${path}/a`, `${path}/b`],
      isLast: Number(number) === pages - 1 ? 'yes' : 'no',
    };
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(page));
  };
  const server = createServer((req, res) => {
    const path = req.url ?? '';
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    req.resume();
    if (path.endsWith('/gate') && count === 1) held.set(path, res);
    else answer(path, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (path) => counts.get(path) ?? 0,
    pathsBelow: (path) => [...counts.keys()].filter((one) => one.startsWith(path)).length,
    isHeld: (gate) => held.has(gate),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
