import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One call of a step, in the order of arrival. */
export interface Call {
  /** The delivery's key. */
  key: string;
  /** Which of the execution's calls it is, from 0 on. */
  place: number;
  /** What the step was told. */
  attempt: number;
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
    calls.push({ key, place: Number(place), attempt: Number(req.headers['x-attempt']), atMs: Date.now() });
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

/** Calls that came after a later step of the same execution had been called: a finished step ran twice. */
export function callsBehindLaterSteps(calls: readonly Call[]): Call[] {
  const furthest = new Map<string, number>();
  return calls.filter(({ key, place }) => {
    const reached = furthest.get(key) ?? -1;
    furthest.set(key, Math.max(reached, place));
    return place < reached;
  });
}

/** Calls of a step that had been called before. */
export function repeatedCalls(calls: readonly Call[]): Call[] {
  const seen = new Set<string>();
  return calls.filter(({ key, place }) => {
    const name = `${key}/${place}`;
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated;
  });
}
