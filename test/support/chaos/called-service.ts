import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** One call of a step, in the order of arrival. */
export interface Call {
  /** The delivery's key. */
  key: string;
  /** Which of the execution's calls it is, from 0 on. */
  place: number;
  /** What the step was told. */
  attempt: number;
  /** When it arrived, by the clock of `performance.now()`. */
  atMs: number;
}

/** The third party's service that all flows call at `/<key>/<place>`: remembers each call when it arrives. */
export interface CalledService {
  url: string;
  calls: Call[];
  close(): Promise<void>;
}

export async function startCalledService(delayMs: number): Promise<CalledService> {
  const calls: Call[] = [];
  const server = createServer((req, res) => {
    const [, key = '', place] = (req.url ?? '').split('/');
    const attempt = Number(req.headers['x-attempt']);
    calls.push({ key, place: Number(place), attempt, atMs: performance.now() });
    req.resume();
    void sleep(delayMs).then(() => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
