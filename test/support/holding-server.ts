import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A third party's service that keeps its callers waiting for as long as a test wants. */
export interface HoldingServer {
  url: string;
  /** How often a path was called. */
  count(path: string): number;
  /** Answers those who wait, and all others at once from now on. */
  open(): void;
  close(): Promise<void>;
}

/** Holds the calls of paths that begin so, until it is opened. */
export async function startHoldingServer(heldBelow: string): Promise<HoldingServer> {
  const counts = new Map<string, number>();
  const waiting: ServerResponse[] = [];
  let isOpen = false;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    request.resume();
    if (path.startsWith(heldBelow) && !isOpen) waiting.push(response);
    else response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (path) => counts.get(path) ?? 0,
    open() {
      isOpen = true;
      for (const response of waiting.splice(0)) response.end('{}');
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
