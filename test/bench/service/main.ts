/**
 * The local service that flows call, a process of its own: answers each POST with what it got, after
 * `?delay=` milliseconds, and counts the calls of each path.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../stack/answer-questions';

const counts = new Map<string, number>();

function serve(req: IncomingMessage, res: ServerResponse): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const [path = '', query = ''] = (req.url ?? '').split('?');
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const body = Buffer.concat(chunks);
    const answer = () => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      res.end(body);
    };
    const delayMs = Number(new URLSearchParams(query).get('delay') ?? 0);
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
}

const server = createServer({ keepAliveTimeout: 60_000 }, serve);

answerQuestions({
  listen: () =>
    new Promise<string>((resolve) => {
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    }),
  count: (path: string) => counts.get(path) ?? 0,
});
