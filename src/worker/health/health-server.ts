import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sendPlainProblem } from '../../api/plain-problem';
import type { Env } from '../../config/env';
import { AppError, notFound } from '../../errors';
import { isReady, notReady } from '../../services/health/not-ready';
import { lookAtWorker, type WorkerHealth } from './worker-health';

/**
 * Listens for `GET /health/live` and `GET /health/ready`, which answer as those of the API do; readiness also
 * tells whether the server honours fairness keys. Null where no port is set. Rejects when the port is taken.
 */
export async function listenForHealth(env: Env, health: WorkerHealth): Promise<Server | null> {
  const { TENON_WORKER_HOST: host, TENON_WORKER_PORT: port } = env;
  if (port === 0) return null;
  const server = createServer((req, res) => {
    req.resume();
    answer(req, res, health).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} of ${host} is taken; choose another with TENON_WORKER_PORT.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, host, resolve);
  });
  return server;
}

async function answer(req: IncomingMessage, res: ServerResponse, health: WorkerHealth): Promise<void> {
  const path = req.url?.split('?')[0] ?? '';
  const look = PATHS[path];
  if (look === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) {
    sendPlainProblem(res, notFound(`${req.method} ${path}`));
    return;
  }
  const body = await look(health);
  if (body instanceof AppError) {
    sendPlainProblem(res, body);
    return;
  }
  res.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  res.end(JSON.stringify(body));
}

const PATHS: Readonly<Record<string, (health: WorkerHealth) => Promise<object>>> = {
  async '/health/live'() {
    return { status: 'live' };
  },
  async '/health/ready'(health) {
    const parts = await lookAtWorker(health);
    const { fairness } = health;
    if (isReady(parts)) return { status: 'ready', ...parts, fairness };
    const error = notReady(parts);
    error.meta['fairness'] = fairness;
    return error;
  },
};
